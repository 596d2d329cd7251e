package playground

import (
	"errors"
	"net/http"

	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/gateway/console/draft"
	"github.com/zhengqiao/zhengqiao/watch"
)

// putAside keeps what was typed in the visitor's draft, takes the file out of it, or ends the draft.
func (p *page) putAside(v *console.Visit, d *desk, texts map[string]string) error {
	var err error
	switch v.PostForm.Get("do") {
	case "keep":
		err = p.keep(v.Person.ID, &d.Typed, texts[d.Typed.File])
	case "drop":
		p.drafts.Drop(v.Person.ID, d.Typed.File)
	default:
		p.drafts.Drop(v.Person.ID, "")
	}
	d.Draft = p.drafts.Of(v.Person.ID)
	if v.PostForm.Get("do") != "keep" {
		d.open(d.Typed.File, texts)
	}
	return errKeep(err)
}

// keep keeps a file; one that is as it is in force is no change.
func (p *page) keep(person string, in *typed, inForce string) error {
	if in.Text == inForce {
		p.drafts.Drop(person, in.File)
		return nil
	}
	return p.drafts.Keep(person, in.Revision, in.File, in.Text)
}

// errKeep tells what the visitor can mend.
func errKeep(err error) error {
	switch {
	case errors.Is(err, draft.ErrBase):
		return &console.Fault{Status: http.StatusConflict, Text: watch.Text{
			Zh: "草稿基于另一个版本。请放弃草稿，再从生效的版本开始。", En: "The draft was begun from another revision. Discard it and begin from the one in force.",
		}}
	case errors.Is(err, draft.ErrLarge):
		return &console.Fault{Status: http.StatusUnprocessableEntity, Text: watch.Text{
			Zh: "草稿过大：最多 32 个文件，共 512 KiB。", En: "The draft is too large: at most 32 files and 512 KiB.",
		}}
	}
	return err
}
