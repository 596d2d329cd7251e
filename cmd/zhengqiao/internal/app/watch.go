package app

import (
	"context"
	"log/slog"
	"runtime/debug"
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

	mu      sync.Mutex
	clients map[string][]*outbound.Client // by adapter
	errors  map[string]lastError          // the last failure of each adapter, for diagnostics
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
	s := &sight{clients: map[string][]*outbound.Client{}, errors: map[string]lastError{}}
	s.Watcher = watch.New(watch.Config{
		Clock: time.Now, Objective: w.Objective, Slow: w.Slow, Lag: w.Lag, Skew: w.Skew, Soon: w.Soon, Failed: s.failed,
	})
	version := programVersion()
	part := func(id, kind, region, role string) {
		s.Add(watch.Part{ID: id, Kind: kind, Region: region, Role: role, Version: version})
	}
	for i := range c.Sources {
		part(c.Sources[i].ID, c.Sources[i].Kind, c.Sources[i].Region, "source")
	}
	for i := range c.Polls {
		part(c.Polls[i].Source, "", "", "poll")
	}
	for i := range c.Receivers {
		part(c.Receivers[i].ID, c.Receivers[i].Kind, c.Receivers[i].Region, "receiver")
	}
	for i := range c.Pushes {
		part(c.Pushes[i].ID, c.Pushes[i].Kind, c.Pushes[i].Region, "push")
	}
	for i := range c.FrontDBs {
		part(c.FrontDBs[i].ID, "frontdb", c.FrontDBs[i].Region, "frontdb")
	}
	s.expiries(c)
	return s
}

// programVersion is the version that all dialects are part of.
func programVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return ""
}

// expiries tells what the configuration says of ends: of credentials, and of the keys by which a platform signs.
func (s *sight) expiries(c *config.Config) {
	for _, expiry := range c.Watch.Expiries {
		s.Expires(expiry.Adapter, expiry.What, expiry.At)
	}
	for _, party := range c.Platforms {
		for _, key := range party.Keys {
			if key.ID == config.CurrentKey(party.Keys, time.Now()) {
				s.Expires(party.ID, "key "+key.ID, key.NotAfter)
			}
		}
	}
}

// deps lets adapters' connections be seen.
func (s *sight) deps(c *config.Config, logger *slog.Logger, observer outbound.Observer) outbound.Deps {
	return outbound.Deps{Logger: logger, Observer: observer, Secrets: files(c).Text, Track: s.track, Trace: s.trace}
}

func (s *sight) track(client *outbound.Client) {
	id := client.Destination()
	s.Breaker(id, func() watch.Breaker { return watch.Breaker{State: client.State(), Wait: client.NextProbe()} })
	if until, err := client.Certificate(); err == nil {
		s.Expires(id, "client-certificate", until)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients[id] = append(s.clients[id], client)
}

// slowAttempt is the longest attempt whose Date header still says something about a clock.
const slowAttempt = 5 * time.Second

func (s *sight) trace(ctx context.Context, seen outbound.Attempt) {
	watch.Waited(ctx, seen.Took)
	if !seen.CertUntil.IsZero() {
		s.Expires(seen.Destination, "tls-certificate", seen.CertUntil)
	}
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
func (a *App) lookAfter() error {
	var err error
	if a.sight.counts, err = newSightCounts(a.registry, a.Overview, a.config); err != nil {
		return err
	}
	if err := a.openCanaries(); err != nil {
		return err
	}
	a.probes()
	a.workers = append(a.workers, a.checkStorage, a.checkBacklog, func(ctx context.Context) error { return a.sight.Run(ctx, a.lightChanged) })
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
