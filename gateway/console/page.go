package console

import (
	"io/fs"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/watch"
)

// Page is one section of the console, such as changes.
type Page struct {
	ID        string     // first segment of its paths, and the menu's key
	Title     watch.Text // in the menu
	See       string     // action that a visitor must be allowed, for the menu to show it
	Templates fs.FS      // its *.html; each defines "title" and "main"
	Routes    []Route
}

// Route is what answers one pattern.
type Route struct {
	Pattern string // of [net/http.ServeMux], such as "POST /changes/orders"
	May     string // action that the visitor's roles must allow
	Serve   func(*Visit) error
	Form    int64 // bytes that a form may have as it is sent; 0: 16 KiB, enough for a reason
	Upload  int64 // bytes of the files in it, beside; 0: it has none

	Patience time.Duration // how long the answer may take once the form is read; 0: as long as any other
}

// actionable reports whether everything that pages do has an action, which policies are asked for.
func actionable(pages []Page) bool {
	for i := range pages {
		if pages[i].See == "" || slices.ContainsFunc(pages[i].Routes, func(r Route) bool { return r.May == "" }) {
			return false
		}
	}
	return true
}
