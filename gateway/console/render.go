package console

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/zhengqiao/zhengqiao/watch"
)

//go:embed frame
var frameFiles embed.FS

// view is what a template gets.
type view struct {
	*Visit
	Data any
}

// parse reads the templates of the frame and of all pages, once for each language: a sentence stands in a template in both, by L.
func (c *Console) parse() (map[Language]map[string]*template.Template, error) {
	all := map[Language]map[string]*template.Template{Chinese: {}, English: {}}
	for language, into := range all {
		base, err := template.New("layout.html").Funcs(c.functions(language)).ParseFS(frameFiles, "frame/layout.html", "frame/parts.html")
		if err != nil {
			return nil, fmt.Errorf("console: %w", err)
		}
		if err := parseInto(into, "", base, frameFiles, "frame/problem.html", "frame/welcome.html", "frame/left.html"); err != nil {
			return nil, err
		}
		for _, page := range c.config.Pages {
			if err := parsePage(into, base, &page); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// partsFile holds what several templates of a page share.
const partsFile = "parts.html"

func parsePage(into map[string]*template.Template, base *template.Template, page *Page) error {
	files, err := fs.Glob(page.Templates, "*.html")
	if err == nil {
		base, err = base.Clone()
	}
	if err == nil && slices.Contains(files, partsFile) {
		base, err = base.ParseFS(page.Templates, partsFile)
	}
	if err != nil {
		return fmt.Errorf("console: page %s: %w", page.ID, err)
	}
	files = slices.DeleteFunc(files, func(file string) bool { return file == partsFile })
	return parseInto(into, page.ID+"/", base, page.Templates, files...)
}

func parseInto(into map[string]*template.Template, prefix string, base *template.Template, fsys fs.FS, files ...string) error {
	for _, file := range files {
		one, err := base.Clone()
		if err == nil {
			one, err = one.ParseFS(fsys, file)
		}
		if err != nil {
			return fmt.Errorf("console: %w", err)
		}
		into[prefix+strings.TrimSuffix(path.Base(file), ".html")] = one
	}
	return nil
}

// functions are what templates can use beside the standard ones.
func (c *Console) functions(l Language) template.FuncMap {
	return template.FuncMap{
		"L":     l.Pick,
		"T":     func(t watch.Text) string { return l.Pick(t.Zh, t.En) },
		"asset": func(name string) string { return c.assets.names[name] },
		"clock": clock, "iso": iso, "short": short,
		"span": l.span, "seconds": l.seconds, "milliseconds": milliseconds, "percent": percent, "count": count, "per": perMinute, "budget": budget, "share": share,
		"colour": func(c any) string { return l.colour(watch.Colour(fmt.Sprint(c))) }, "light": l.light, "layer": l.layer,
		"region":      func(code string) string { name := RegionName(code); return l.Pick(name.Zh, name.En) },
		"dict":        dict,
		"brief":       brief,
		"shortregion": func(code string) string { name := RegionName(code); return shortRegion(l.Pick(name.Zh, name.En)) },
	}
}

// dict makes the argument of a template with several parts.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("dict wants names and values")
	}
	made := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, errors.New("dict wants texts as names")
		}
		made[name] = pairs[i+1]
	}
	return made, nil
}

// layoutName is the template of a whole page.
const layoutName = "layout.html"

// render draws the whole of a template before anything of it is sent, so that a fault of a template is no half page.
func (v *Visit) render(t *template.Template, name string, data any) error {
	var page bytes.Buffer
	if err := t.ExecuteTemplate(&page, name, view{v, data}); err != nil {
		return fmt.Errorf("draw a page: %w", err)
	}
	h := v.writer.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(v.Language))
	h.Set("Content-Length", strconv.Itoa(page.Len()))
	if v.status == 0 {
		v.status = http.StatusOK
	}
	v.writer.WriteHeader(v.status)
	if v.Method != http.MethodHead {
		_, _ = page.WriteTo(v.writer) // who hung up needs no answer
	}
	return nil
}
