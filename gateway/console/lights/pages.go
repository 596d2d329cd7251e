package lights

import (
	"embed"
	"io/fs"

	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

// Watcher says how everything is at this moment.
type Watcher interface {
	Overview() watch.Overview
}

//go:embed templates
var files embed.FS

type pages struct{ watcher Watcher }

// Pages gives the overview and the adapters. The first page of a console is also at "/".
func Pages(w Watcher) []console.Page {
	p := pages{w}
	templates, err := fs.Sub(files, "templates")
	if err != nil {
		panic(err) // the folder is in the program
	}
	return []console.Page{
		{
			ID: "overview", Title: watch.Text{Zh: "总览", En: "Overview"}, See: "overview.see", Templates: templates,
			Routes: []console.Route{
				{Pattern: "GET /{$}", May: "overview.see", Serve: p.overview},
				{Pattern: "GET /overview", May: "overview.see", Serve: p.overview},
			},
		},
		{
			ID: "adapters", Title: watch.Text{Zh: "适配器", En: "Adapters"}, See: "adapters.see", Templates: templates,
			Routes: []console.Route{
				{Pattern: "GET /adapters", May: "adapters.see", Serve: p.list},
				{Pattern: "GET /adapters/{id}", May: "adapters.see", Serve: p.one},
			},
		},
	}
}
