package playground

import (
	"embed"
	"io/fs"
	"maps"
	"slices"

	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

//go:embed templates
var files embed.FS

// mostForm bounds what is typed, as a form sends it: three bytes for each of a Chinese character's, so some 28,000 of those.
const mostForm = 256 << 10

// edit is the action of who may try changes out.
const edit = "policies.edit"

type page struct {
	Workshop
	turns turns
}

// Page makes the page.
func Page(w Workshop) (console.Page, error) {
	p := &page{Workshop: w, turns: turns{busy: map[string]bool{}}}
	templates, err := fs.Sub(files, "templates")
	return console.Page{
		ID: "playground", Title: watch.Text{Zh: "策略试算", En: "Playground"}, See: edit, Templates: templates,
		Routes: []console.Route{
			{Pattern: "GET /playground", May: edit, Serve: p.begin},
			{Pattern: "POST /playground", May: edit, Serve: p.work, Form: mostForm},
			{Pattern: "POST /playground/try", May: edit, Serve: p.part, Form: mostForm},
		},
	}, err
}

// desk is what the page shows.
type desk struct {
	Revision string
	Moved    bool // other policies came into force since the author began
	Files    []string
	Examples []Example
	Example  string // id of the one that was chosen
	Change
	Result result
}

// Of gives the examples of a group.
func (d *desk) Of(g Group) []Example {
	return slices.DeleteFunc(slices.Clone(d.Examples), func(e Example) bool { return e.Group != g })
}

// Groups gives the groups that have examples.
func (d *desk) Groups() []Group {
	return slices.DeleteFunc(Groups(), func(g Group) bool { return len(d.Of(g)) == 0 })
}

// first is the file that is open at the beginning: what most changes are about.
const first = "data/purposes.yaml"

// begin shows the policies in force.
func (p *page) begin(v *console.Visit) error {
	d, texts := p.desk(v)
	d.File = first
	if _, ok := texts[first]; !ok && len(d.Files) > 0 {
		d.File = d.Files[0]
	}
	d.Text, d.Change.Revision = texts[d.File], d.Revision
	if len(d.Examples) > 0 {
		d.Example, d.Input = d.Examples[0].ID, d.Examples[0].Input
	}
	return v.Show("playground", d)
}

// work does what one of the form's buttons says, and shows all that was typed again.
func (p *page) work(v *console.Visit) error {
	d, texts := p.desk(v)
	var err error
	if d.Change, err = changeOf(v, texts); err != nil {
		return err
	}
	d.Moved = d.Change.Revision != d.Revision
	d.Example = v.PostForm.Get("example")
	switch v.PostForm.Get("do") {
	case "file":
		d.open(v.PostForm.Get("file"), texts)
	case "example":
		d.take(d.Example)
	default:
		if d.Result, err = p.try(v, d.Change); err != nil {
			return err
		}
	}
	return v.Show("playground", d)
}

// part answers a script with the result alone.
func (p *page) part(v *console.Visit) error {
	_, texts := p.Sources()
	change, err := changeOf(v, texts)
	if err != nil {
		return err
	}
	made, err := p.try(v, change)
	if err != nil {
		return err
	}
	return v.ShowPart("playground", "result", made)
}

func (p *page) desk(v *console.Visit) (*desk, map[string]string) {
	revision, texts := p.Sources()
	return &desk{Revision: revision, Files: slices.Sorted(maps.Keys(texts)), Examples: p.Examples(v.Context())}, texts
}

// open begins with another file, as it is in force; what was typed of the one before is gone.
func (d *desk) open(file string, texts map[string]string) {
	if text, ok := texts[file]; ok {
		d.File, d.Text, d.Change.Revision, d.Moved = file, text, d.Revision, false
	}
}

func (d *desk) take(id string) {
	if i := slices.IndexFunc(d.Examples, func(e Example) bool { return e.ID == id }); i >= 0 {
		d.Input = d.Examples[i].Input
	}
}
