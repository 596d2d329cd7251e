package nodes

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

// Node is one gateway.
type Node struct {
	Name     string
	Here     bool // it is the one that shows this page; of others only name and address are known
	Address  string
	Version  string
	Started  time.Time
	Revision string // of its policies
	Journal  Journal
}

// Journal is where a node keeps what must not be lost.
type Journal struct {
	Kind   string // "embedded", "cluster" or "remote"
	State  watch.Colour
	Fault  string // what a write met just now; empty: none
	Log    string // that its records go to
	Copies int    // how often everything is kept
}

// Lister gives this node first, then the others of its cluster.
type Lister interface {
	Nodes(context.Context) []Node
}

//go:embed templates
var files embed.FS

// Page makes the page.
func Page(l Lister) (console.Page, error) {
	templates, err := fs.Sub(files, "templates")
	return console.Page{
		ID: "nodes", Title: watch.Text{Zh: "节点", En: "Nodes"}, See: "nodes.see", Templates: templates,
		Routes: []console.Route{{Pattern: "GET /nodes", May: "nodes.see", Serve: func(v *console.Visit) error {
			return v.Show("nodes", l.Nodes(v.Context()))
		}}},
	}, err
}
