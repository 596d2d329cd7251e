package repair

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/reconcile"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Config is what a [Desk] works with. All members must be set.
type Config struct {
	Dispatcher *changefeed.Dispatcher
	Parking    *changefeed.Parking
	Reconciler *reconcile.Reconciler
	Recorder   exchange.Recorder
	Clock      func() time.Time
	Logger     *slog.Logger
}

// Desk takes orders. It is safe for concurrent use.
type Desk struct {
	cfg  Config
	base context.Context // of all jobs; ends with Run
	stop context.CancelFunc

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
	jobs    []*job                       // the running ones, and the latest of those that ended; oldest first
	reports map[string]*reconcile.Report // the latest by platform
}

// NewDesk makes a desk. [Desk.Run] must be called, and ends its jobs.
func NewDesk(cfg Config) *Desk {
	base, stop := context.WithCancel(context.Background())
	return &Desk{cfg: cfg, base: base, stop: stop, reports: map[string]*reconcile.Report{}}
}

// Run waits until ctx ends, stops the jobs and waits for them. After it no job starts.
func (d *Desk) Run(ctx context.Context) error {
	<-ctx.Done()
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.stop()
	d.running.Wait()
	return nil
}

// Status gives the status of every receiving platform, by name.
func (d *Desk) Status(ctx context.Context) ([]changefeed.Status, error) {
	return d.cfg.Dispatcher.Status(ctx)
}

// Preview shows and freezes what a selection is about.
func (d *Desk) Preview(ctx context.Context, s changefeed.Selection) (changefeed.Preview, error) {
	return d.cfg.Parking.Preview(ctx, s)
}

// Meant shows what is still to be decided of a token. Errors: InvalidRequest for a token that is none.
func (d *Desk) Meant(ctx context.Context, token string) (changefeed.Preview, error) {
	return d.cfg.Parking.Meant(ctx, token)
}

// Report gives the latest finished comparison of a platform, nil if there was none since the start.
func (d *Desk) Report(platform string) *reconcile.Report {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.reports[platform]
}

func (d *Desk) keep(report *reconcile.Report) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.reports[report.Platform] = report
}
