package playground

import (
	"cmp"
	"embed"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/gateway/console/draft"
	"github.com/zhengqiao/zhengqiao/watch"
)

//go:embed templates
var files embed.FS

// mostForm bounds what is typed, as a form sends it: three bytes for each of a Chinese character's, so some 28,000 of those.
const mostForm = 256 << 10

// edit is the action of who may try changes out.
const edit = "policies.edit"

// patience is how long a trial may take with its bounds of time, and a busy machine.
const patience = 3 * time.Minute

type page struct {
	Workshop
	drafts *draft.Store
	turns  turns
}

// Page makes the page. drafts keeps what authors put aside there.
func Page(w Workshop, drafts *draft.Store) (console.Page, error) {
	p := &page{Workshop: w, drafts: drafts, turns: turns{busy: map[string]*progress{}}}
	templates, err := fs.Sub(files, "templates")
	return console.Page{
		ID: "playground", Title: watch.Text{Zh: "策略试算", En: "Playground"}, See: edit, Templates: templates,
		Routes: []console.Route{
			{Pattern: "GET /playground", May: edit, Serve: p.begin},
			{Pattern: "POST /playground", May: edit, Serve: p.work, Form: mostForm, Patience: patience},
			{Pattern: "POST /playground/try", May: edit, Serve: p.part, Form: mostForm, Patience: patience},
			{Pattern: "GET /playground/progress", May: edit, Serve: p.progress},
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
	Typed    typed
	Draft    draft.Draft
	Result   result
}

// Changed reports whether a file is in the draft.
func (d *desk) Changed(file string) bool {
	_, changed := d.Draft.Files[file]
	return changed
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

// begin shows the policies in force, or the file of the draft that the address names.
func (p *page) begin(v *console.Visit) error {
	d, texts := p.desk(v)
	file := cmp.Or(v.URL.Query().Get("file"), first)
	if _, ok := texts[file]; !ok && len(d.Files) > 0 {
		file = d.Files[0]
	}
	d.open(file, texts)
	if len(d.Examples) > 0 {
		d.Example, d.Typed.Input = d.Examples[0].ID, d.Examples[0].Input
	}
	return v.Show("playground", d)
}

// work does what one of the form's buttons says, and shows all that was typed again.
func (p *page) work(v *console.Visit) error {
	d, texts := p.desk(v)
	var err error
	if d.Typed, err = typedOf(v, texts); err != nil {
		return err
	}
	d.Moved = d.Typed.Revision != d.Revision
	d.Example = v.PostForm.Get("example")
	switch v.PostForm.Get("do") {
	case "file":
		d.open(v.PostForm.Get("file"), texts)
	case "example":
		d.take(d.Example)
	case "keep", "drop", "discard":
		err = p.putAside(v, d, texts)
	default:
		d.Result, err = p.try(v, p.change(v, d.Typed))
	}
	if err != nil {
		return err
	}
	return v.Show("playground", d)
}

// part answers a script with the result alone.
func (p *page) part(v *console.Visit) error {
	_, texts := p.Sources()
	in, err := typedOf(v, texts)
	if err != nil {
		return err
	}
	change := p.change(v, in)
	made, err := p.try(v, change)
	if err != nil {
		return err
	}
	if change.What == OnInput {
		return v.ShowPart("playground", "result", made)
	}
	return v.ShowPart("playground", "wide", made)
}

// progress answers a script with how far its trial is.
func (p *page) progress(v *console.Visit) error {
	done, all := p.turns.of(v.Token())
	return v.ShowPart("playground", "progress", struct{ Done, All int64 }{done, all})
}

func (p *page) desk(v *console.Visit) (*desk, map[string]string) {
	revision, texts := p.Sources()
	return &desk{
		Revision: revision, Files: slices.Sorted(maps.Keys(texts)), Examples: p.Examples(v.Context()), Draft: p.drafts.Of(v.Person.ID),
	}, texts
}

// open begins with another file, as it is in the draft or in force; what was typed of the one before is gone.
func (d *desk) open(file string, texts map[string]string) {
	text, ok := texts[file]
	if !ok {
		return
	}
	d.Typed.File, d.Typed.Text, d.Typed.Revision, d.Moved = file, text, d.Revision, false
	if edited, changed := d.Draft.Files[file]; changed {
		d.Typed.Text, d.Typed.Revision, d.Moved = edited, d.Draft.Base, d.Draft.Base != d.Revision
	}
}

func (d *desk) take(id string) {
	if i := slices.IndexFunc(d.Examples, func(e Example) bool { return e.ID == id }); i >= 0 {
		d.Typed.Input = d.Examples[i].Input
	}
}
