package rules

import (
	"cmp"
	"embed"
	"io/fs"
	"slices"

	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

// About is the policies in force.
type About struct {
	Revision string
	Chapters []Chapter
	Reasons  map[string]watch.Text // by code
}

// Chapter is one file of rules.
type Chapter struct {
	File, Package, Title, Description string
	Rules                             []string
	Codes                             []string // of reasons that it may give
}

// Policies tells of itself.
type Policies interface {
	About() About
}

//go:embed templates
var files embed.FS

// Page makes the page.
func Page(p Policies) (console.Page, error) {
	templates, err := fs.Sub(files, "templates")
	return console.Page{
		ID: "policies", Title: watch.Text{Zh: "策略", En: "Policies"}, See: "policies.see", Templates: templates,
		Routes: []console.Route{{Pattern: "GET /policies", May: "policies.see", Serve: func(v *console.Visit) error {
			about := p.About()
			return v.Show("policies", struct {
				About
				List []reason
			}{about, list(&about)})
		}}},
	}, err
}

// reason is a code with its texts and the files that give it.
type reason struct {
	Code  string
	Text  watch.Text
	Files []string
}

func list(about *About) []reason {
	all := make([]reason, 0, len(about.Reasons))
	for code, text := range about.Reasons {
		one := reason{Code: code, Text: text}
		for _, chapter := range about.Chapters {
			if slices.Contains(chapter.Codes, code) {
				one.Files = append(one.Files, chapter.File)
			}
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b reason) int { return cmp.Compare(a.Code, b.Code) })
	return all
}
