package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/watch"
	"github.com/zhengqiao/zhengqiao/watch/canary"
)

// sight is what the gateway sees of its adapters: the watcher, and what tells it.
type sight struct {
	*watch.Watcher
	counts  *sightCounts
	courier *canary.Courier // nil: no canary change

	wiring *wiring

	mu     sync.Mutex
	told   map[ending]time.Time // of what the configuration says
	ends   certificates         // of the adapters' hosts
	errors map[string]lastError // the last failure of each adapter, for diagnostics
}

// lastError is a failure as the log shows it; adapters' errors hold no personal data.
type lastError struct {
	At      time.Time      `json:"at"`
	Adapter string         `json:"adapter"`
	Layer   exchange.Layer `json:"layer,omitempty"`
	Error   string         `json:"error"`
}

// newSight makes a watcher that knows every configured adapter.
func newSight(c *config.Config) *sight {
	w := &c.Watch
	s := &sight{ends: certificates{}, errors: map[string]lastError{}}
	s.Watcher = watch.New(watch.Config{
		Clock: time.Now, Objective: w.Objective, Slow: w.Slow, Lag: w.Lag, Skew: w.Skew, Soon: w.Soon, Failed: s.failed,
	})
	s.wiring = &wiring{breaker: s.Breaker}
	s.follow(c, c, c.Receivers)
	return s
}

// follow makes known what there is when a configuration comes into force after the one of the start, by which it is fixed which polls and
// front-end databases there are. told are the receivers in force.
func (s *sight) follow(started, now *config.Config, told []config.Receiver) {
	s.Configure(slices.Concat(askedParts(now), toldParts(told), fixedParts(started)))
	s.tellEnds(now, time.Now())
}

// askedParts are the adapters that are asked or that push.
func askedParts(c *config.Config) (parts []watch.Part) {
	version := buildVersion()
	for i := range c.Sources {
		parts = append(parts, watch.Part{ID: c.Sources[i].ID, Kind: c.Sources[i].Kind, Region: c.Sources[i].Region, Role: "source", Version: version})
	}
	for i := range c.Pushes {
		parts = append(parts, watch.Part{ID: c.Pushes[i].ID, Kind: c.Pushes[i].Kind, Region: c.Pushes[i].Region, Role: "push", Version: version})
	}
	return parts
}

// toldParts are the platforms that are told of changes.
func toldParts(told []config.Receiver) (parts []watch.Part) {
	version := buildVersion()
	for i := range told {
		parts = append(parts, watch.Part{ID: told[i].ID, Kind: told[i].Kind, Region: told[i].Region, Role: "receiver", Version: version})
	}
	return parts
}

// fixedParts are those that work for the synchronisation as long as the gateway runs.
func fixedParts(c *config.Config) (parts []watch.Part) {
	version := buildVersion()
	for i := range c.Polls {
		parts = append(parts, watch.Part{ID: c.Polls[i].Source, Role: "poll", Version: version})
	}
	for i := range c.FrontDBs {
		parts = append(parts, watch.Part{ID: c.FrontDBs[i].ID, Kind: "frontdb", Region: c.FrontDBs[i].Region, Role: "frontdb", Version: version})
	}
	return parts
}

// toldNow are the receivers in force.
func (a *App) toldNow() []config.Receiver {
	if a.changes == nil {
		return nil
	}
	return a.changes.told.configured(a.config)
}

// deps lets adapters' connections be seen.
func (s *sight) deps(c *config.Config, logger *slog.Logger, observer outbound.Observer) outbound.Deps {
	return outbound.Deps{Logger: logger, Observer: observer, Secrets: files(c).Text, Trace: s.trace}
}

// slowAttempt is the longest attempt whose Date header still says something about a clock.
const slowAttempt = 5 * time.Second

func (s *sight) trace(ctx context.Context, seen outbound.Attempt) {
	watch.Waited(ctx, seen.Took)
	if !seen.Date.IsZero() && seen.Took < slowAttempt { // Date has no fractions
		s.Skewed(seen.Destination, seen.Date.Sub(seen.Ended.Truncate(time.Second)))
	}
}

// failed keeps an adapter's last failure.
func (s *sight) failed(id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.errors[id] = lastError{time.Now().UTC(), id, exchange.LayerOf(err), err.Error()}
}

// sources gives the sources with every question to them watched.
func (s *sight) sources(all sources) sources {
	seen := sources{}
	for id, source := range all {
		seen[id] = s.Source(source)
	}
	return seen
}

// receivers gives the receivers with every notice to them watched.
func (s *sight) receivers(all receivers) receivers {
	seen := receivers{}
	for id, receiver := range all {
		seen[id] = s.Receiver(receiver, s.applied)
	}
	return seen
}

func (s *sight) applied(receiver string, notice *exchange.Notice, at time.Time) {
	if s.courier != nil {
		s.courier.Applied(receiver, notice, at)
	}
}

// Overview gives the state of every adapter, and what flows between platforms, at this moment.
func (a *App) Overview() watch.Overview {
	a.sight.Governed(a.policies.Revision())
	seen := a.sight.Overview()
	seen.Node = a.nodeName()
	return seen
}

// lookAfter leaves the watching to the app's workers. What it needs is open.
func (a *App) lookAfter(ctx context.Context) error {
	var err error
	if a.sight.counts, err = newSightCounts(a.registry, a.Overview, a.config); err != nil {
		return err
	}
	if err := errors.Join(a.openCanaries(), a.openHistory(ctx)); err != nil {
		return err
	}
	a.workers = append(a.workers, a.probes, a.checkEnds, a.checkStorage, a.checkBacklog, func(ctx context.Context) error { return a.sight.Run(ctx, a.lightChanged) })
	return nil
}

// lightChanged logs a light that took another colour; ops reads the rest on the page.
func (a *App) lightChanged(change watch.Change) {
	level := slog.LevelInfo
	if change.Light.Colour == watch.Red {
		level = slog.LevelWarn
	}
	a.logger.LogAttrs(context.Background(), level, "light", slog.String("adapter", change.Adapter), slog.String("light", string(change.Light.Name)),
		slog.String("from", string(change.From)), slog.String("to", string(change.Light.Colour)), slog.String("layer", string(change.Light.Layer)),
		slog.String("why", change.Light.Why.En))
}
