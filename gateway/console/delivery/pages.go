package delivery

import (
	"context"
	"embed"
	"io"
	"io/fs"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/reconcile"
	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

// Standing shows how deliveries stand; [repair.Desk] is one.
type Standing interface {
	Status(context.Context) ([]changefeed.Status, error)
	Parked(ctx context.Context, s changefeed.Selection, limit int) (first []changefeed.Parked, total int, err error)
	Report(platform string) *reconcile.Report
}

// Previews freeze what an order is about.
type Previews interface {
	Preview(context.Context, changefeed.Selection) (changefeed.Preview, error)
	Meant(ctx context.Context, token string) (changefeed.Preview, error)
}

// Orders take orders, and record each before it has any effect.
type Orders interface {
	Replay(ctx context.Context, order repair.Order, token string, perSecond float64) (repair.Job, error)
	Skip(ctx context.Context, order repair.Order, token string) (repair.Job, error)
	Compare(ctx context.Context, order repair.Order, platform string) (repair.Job, error)
	Repair(ctx context.Context, order repair.Order, comparison string, perSecond float64) (repair.Job, error)
	Switch(ctx context.Context, order repair.Order, platform string, on bool) error
	Stop(ctx context.Context, order repair.Order, id string) (repair.Job, error)
}

// Jobs are what runs and ran.
type Jobs interface {
	Jobs() []repair.Job
	Job(id string) (repair.Job, error)
}

// Desk is all of it; [repair.Desk] is one.
type Desk interface {
	Standing
	Previews
	Orders
	Jobs
}

// Config is what the page works with. All members are required.
type Config struct {
	Desk     Desk
	Recorder exchange.Recorder // of proposals, which wait for a second person
	Clock    func() time.Time
	Random   io.Reader
}

//go:embed templates
var files embed.FS

type page struct {
	Config
	seal      seal
	proposals *proposals
}

// Page makes the page.
func Page(c Config) (console.Page, error) {
	key, err := newSeal(c.Random)
	if err != nil {
		return console.Page{}, err
	}
	return (&page{c, key, &proposals{clock: c.Clock}}).page()
}

func (p *page) page() (console.Page, error) {
	templates, err := fs.Sub(files, "templates")
	return console.Page{ID: "changes", Title: watch.Text{Zh: "变更", En: "Changes"}, See: see, Templates: templates, Routes: p.routes()}, err
}

// The actions that policies know.
const (
	see     = "changes.see"
	replay  = "changes.replay"
	skip    = "changes.skip"
	turn    = "changes.switch"
	compare = "changes.compare"
	stop    = "changes.stop"
	confirm = "changes.confirm"
)

func (p *page) routes() []console.Route {
	return []console.Route{
		{Pattern: "GET /changes", May: see, Serve: p.all},
		{Pattern: "GET /changes/platforms/{id}", May: see, Serve: p.platform},
		{Pattern: "POST /changes/platforms/{id}/on", May: turn, Serve: func(v *console.Visit) error { return p.turn(v, true) }},
		{Pattern: "POST /changes/platforms/{id}/off", May: turn, Serve: func(v *console.Visit) error { return p.turn(v, false) }},
		{Pattern: "POST /changes/platforms/{id}/compare", May: compare, Serve: p.compare},
		{Pattern: "POST /changes/platforms/{id}/mend", May: replay, Serve: p.mend},
		{Pattern: "GET /changes/parked", May: see, Serve: p.parked},
		{Pattern: "GET /changes/freeze", May: see, Serve: p.freeze},
		{Pattern: "GET /changes/preview", May: see, Serve: p.preview},
		{Pattern: "POST /changes/replay", May: replay, Serve: func(v *console.Visit) error { return p.decide(v, repair.Replay) }},
		{Pattern: "POST /changes/skip", May: skip, Serve: func(v *console.Visit) error { return p.decide(v, repair.Skip) }},
		{Pattern: "GET /changes/jobs/{id}", May: see, Serve: p.job},
		{Pattern: "POST /changes/jobs/{id}/stop", May: stop, Serve: p.stop},
		{Pattern: "GET /changes/proposals/{id}", May: see, Serve: p.proposal},
		{Pattern: "POST /changes/proposals/{id}/confirm", May: confirm, Serve: p.confirm},
		{Pattern: "POST /changes/proposals/{id}/withdraw", May: confirm, Serve: p.withdraw},
	}
}
