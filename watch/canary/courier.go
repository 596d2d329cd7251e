package canary

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// The defaults of a [Courier]: a receiver that is told too late shows after both at most, 50 s. Each round is a change and its
// deliveries in the durable record, so it is no more often than that.
const (
	DefaultRound  = 30 * time.Second
	DefaultWithin = 20 * time.Second
)

// Accept takes in a report as any other reporter's and gives the version that stands then, and how it was taken.
type Accept func(context.Context, *exchange.Report) (version uint64, outcome exchange.ReportOutcome, err error)

// Arrivals is told whether a receiver had a canary's change in time; [watch.Watcher] is one.
type Arrivals interface {
	Arrived(id string, inTime bool)
}

// Courier announces a change of a synthetic licence on a schedule and times its way to each receiver. Its licence is nobody else's to
// report of. It is safe for concurrent use; all members but Every, Within and Observe must be set.
type Courier struct {
	Accept    Accept
	Report    exchange.Report // reporter, licence, subject and region; the rest is filled in
	Receivers func() []string // of each round; the list is the courier's
	Arrivals  Arrivals
	Every     time.Duration // 0: DefaultRound
	Within    time.Duration // how long a change may take from being accepted to being applied. 0: DefaultWithin
	Observe   func(receiver string, took time.Duration, inTime bool)
	Clock     func() time.Time
	Logger    *slog.Logger

	mu      sync.Mutex
	applied map[string]arrival
	moved   chan struct{} // closed and renewed with each arrival
	next    exchange.StatusSet
}

type arrival struct {
	version uint64
	at      time.Time
}

// Applied notes what a receiver took; it is a [watch.Applied].
func (c *Courier) Applied(receiver string, notice *exchange.Notice, at time.Time) {
	if notice.Licence != c.Report.Licence {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.applied == nil {
		c.applied = map[string]arrival{}
	}
	if notice.Version > c.applied[receiver].version {
		c.applied[receiver] = arrival{notice.Version, at}
	}
	if c.moved != nil {
		close(c.moved)
	}
	c.moved = nil
}

// Run announces until ctx ends, the first time at once.
func (c *Courier) Run(ctx context.Context) error {
	ticker := time.NewTicker(cmp.Or(c.Every, DefaultRound))
	defer ticker.Stop()
	for {
		if err := c.Round(ctx); err != nil && ctx.Err() == nil {
			c.Logger.WarnContext(ctx, "canary change", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Round announces one change and waits until every receiver has it or the time is up. The error is that of Accept: then nothing is
// said of the receivers.
func (c *Courier) Round(ctx context.Context) error {
	version, err := c.announce(ctx)
	if err != nil {
		return err
	}
	accepted := c.Clock()
	within, cancel := context.WithTimeout(ctx, cmp.Or(c.Within, DefaultWithin))
	defer cancel()
	late := c.await(within, version, accepted)
	if ctx.Err() != nil { // stopping says nothing about the receivers
		return nil
	}
	for _, receiver := range late {
		c.tell(receiver, c.Clock().Sub(accepted), false)
	}
	return nil
}

// announce reports the other of the two states; what stands already, as it may after a start, changes nothing, and then the first one.
func (c *Courier) announce(ctx context.Context) (uint64, error) {
	for range 2 {
		report := c.Report
		report.Happened = c.Clock().UTC()
		report.Facts = exchange.Facts{Status: c.other()}
		report.ID = fmt.Sprintf("canary-%d-%s", report.Happened.UnixNano(), report.Facts.Status)
		report.Caller = exchange.Caller{Platform: report.Reporter}
		version, outcome, err := c.Accept(ctx, &report)
		switch {
		case err != nil:
			return 0, fmt.Errorf("announce it: %w", err)
		case outcome == exchange.ReportAccepted:
			return version, nil
		}
	}
	return 0, fmt.Errorf("announce it: nothing changes; somebody else reports of the canary's licence")
}

// other gives the state to report: A (正常) and B (超分) in turn, which nobody who sees anything of a status can overlook.
func (c *Courier) other() exchange.StatusSet {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next == "B" {
		c.next = "A"
	} else {
		c.next = "B"
	}
	return c.next
}

// await tells of each receiver when it has the version, and gives those that don't have it when ctx ends.
func (c *Courier) await(ctx context.Context, version uint64, accepted time.Time) []string {
	waiting := c.Receivers()
	for {
		moved, has := c.look(version)
		waiting = slices.DeleteFunc(waiting, func(receiver string) bool {
			at, arrived := has[receiver]
			if arrived {
				c.tell(receiver, max(0, at.Sub(accepted)), true)
			}
			return arrived
		})
		if len(waiting) == 0 {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return waiting
		}
	}
}

// look gives who has the version, and a channel that closes when somebody takes something.
func (c *Courier) look(version uint64) (<-chan struct{}, map[string]time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.moved == nil {
		c.moved = make(chan struct{})
	}
	has := map[string]time.Time{}
	for receiver, arrived := range c.applied {
		if arrived.version >= version {
			has[receiver] = arrived.at
		}
	}
	return c.moved, has
}

func (c *Courier) tell(receiver string, took time.Duration, inTime bool) {
	c.Arrivals.Arrived(receiver, inTime)
	if c.Observe != nil {
		c.Observe(receiver, took, inTime)
	}
}
