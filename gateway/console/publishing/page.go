package publishing

import (
	"embed"
	"io/fs"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/gateway/console/draft"
	"github.com/zhengqiao/zhengqiao/watch"
)

// Config is what the pages work with. All members are required, but Tray and Acts where policies need no signature.
type Config struct {
	Registry Registry
	Tray     Tray
	Acts     Acts
	Drafts   *draft.Store
	Recorder exchange.Recorder
	Clock    func() time.Time
}

//go:embed templates
var files embed.FS

// The actions that policies know.
const (
	see     = "policies.see"
	read    = "policies.read"
	edit    = "policies.edit"
	approve = "policies.approve"
	publish = "policies.publish"
)

// Bounds of forms: a bundle has 768 KiB at most, an order far less; a trial run may take minutes.
const (
	mostBundle = 800 << 10
	mostOrder  = 16 << 10
	patience   = 8 * time.Minute
)

type page struct{ Config }

// Page makes the page.
func Page(c Config) (console.Page, error) {
	p := &page{c}
	templates, err := fs.Sub(files, "templates")
	return console.Page{
		ID: "publishing", Title: watch.Text{Zh: "策略发布", En: "Publication"}, See: see, Templates: templates, Routes: p.routes(),
	}, err
}

func (p *page) routes() []console.Route {
	routes := []console.Route{
		{Pattern: "GET /publishing", May: see, Serve: p.revisions},
		{Pattern: "GET /publishing/matrix", May: see, Serve: p.matrix},
	}
	if p.Tray == nil {
		return routes
	}
	return append(routes,
		console.Route{Pattern: "GET /publishing/base", May: read, Serve: p.base},
		console.Route{Pattern: "GET /publishing/candidates/{id}", May: see, Serve: p.candidate},
		console.Route{Pattern: "GET /publishing/candidates/{id}/bundle", May: read, Serve: p.bundle},
		console.Route{Pattern: "POST /publishing/propose", May: edit, Serve: p.propose, Patience: patience},
		console.Route{Pattern: "POST /publishing/bundles", May: edit, Serve: p.bring, Upload: mostBundle, Patience: patience},
		console.Route{Pattern: "POST /publishing/candidates/{id}/author", May: edit, Serve: p.signed(Author), Upload: mostBundle},
		console.Route{Pattern: "POST /publishing/candidates/{id}/approval", May: approve, Serve: p.signed(Approver), Upload: mostBundle},
		console.Route{Pattern: "POST /publishing/candidates/{id}/publish", May: publish, Serve: p.publish, Patience: patience},
		console.Route{Pattern: "POST /publishing/candidates/{id}/drop", May: edit, Serve: p.drop},
		console.Route{Pattern: "POST /publishing/rollback", May: publish, Serve: p.rollback, Upload: mostOrder, Patience: patience},
	)
}
