package batch

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Config is what a [Driver] works with.
type Config struct {
	Platform string // its id, as policy and reports know it
	Places   *Places
	Clock    func() time.Time
	Random   func(limit time.Duration) time.Duration // evenly from 0 to below limit
	Logger   *slog.Logger
	Observer Observer
	AtOnce   int // works of the platform that this process does at a time; 0: 2

	// For telling; Outlet nil: the platform is not told.
	Outlet     *changefeed.Outlet
	Outbox     Outbox
	Book       *changefeed.Book
	Ledger     Ledger
	Partitions int

	// For reading; Intake nil: the platform's rows are not read.
	Intake Intake
	// Inbox is needed for either: what is told may be refused.
	Inbox Inbox
	// Every is the time between two looks at the inbox. 0: 10 min.
	Every time.Duration
}

const (
	defaultAtOnce = 2
	defaultEvery  = 10 * time.Minute
)

// Driver does all the work that one platform with a front-end database makes. It is safe for concurrent use.
type Driver struct {
	cfg   Config
	works []*work
	slots chan struct{}
	seen  recent // rows read: reports by id, refusals by what they say
}

// New prepares the works; Run does them.
func New(cfg Config) *Driver {
	cfg.Every = cmp.Or(cfg.Every, defaultEvery)
	d := &Driver{cfg: cfg, slots: make(chan struct{}, cmp.Or(cfg.AtOnce, defaultAtOnce))}
	every := func(p *place) time.Time { return p.Reached.Add(cfg.Every) }
	if cfg.Outlet != nil {
		for partition := range cfg.Partitions {
			d.works = append(d.works, &work{
				Driver: d, kind: Telling, key: tellingKey(cfg.Platform, partition),
				due: func(p *place) time.Time { return cfg.Outbox.Due(later(p.Since, p.Reached)) },
				do:  func(ctx context.Context, h *hold, due time.Time) error { return d.tell(ctx, h, partition, due) },
			})
		}
		d.works = append(d.works, &work{Driver: d, kind: Readback, key: cfg.Platform + "/readback", due: every, do: d.readBack})
	}
	if cfg.Intake != nil {
		d.works = append(d.works, &work{Driver: d, kind: Reading, key: cfg.Platform + "/reading", due: every, do: d.readIn})
	}
	return d
}

// Run works until ctx ends, and returns when nothing is under way any more.
func (d *Driver) Run(ctx context.Context) {
	var working sync.WaitGroup
	for _, w := range d.works {
		working.Go(func() { w.run(ctx) })
	}
	working.Wait()
}

// Told gives the moment up to which the platform has been told of everything, as far as this process knows; zero if nothing was
// told yet.
func (d *Driver) Told() time.Time {
	var least time.Time
	for i, w := range d.works {
		if w.kind != Telling {
			continue
		}
		if reached := w.lastReached(); i == 0 || reached.Before(least) {
			least = reached
		}
	}
	return least
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// number names a batch: the moment at which it was due in China, the partition, and the place from which it goes on. The same batch
// written again has the same one.
func number(due time.Time, partition int, h *hold) string {
	return fmt.Sprintf("%s-%d-%d", due.In(exchange.Shanghai()).Format("20060102-1504"), partition, h.Revision)
}
