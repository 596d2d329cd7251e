package watch

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// Every is how often [Watcher.Run] looks at the lights, so that each knows since when it has its colour.
const Every = time.Second

// Run looks at the lights every second until ctx ends, and tells of each that changed.
func (w *Watcher) Run(ctx context.Context, changed func(Change)) error {
	ticker := time.NewTicker(Every)
	defer ticker.Stop()
	for {
		for _, change := range w.Look() {
			changed(change)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Change is a light that took another colour.
type Change struct {
	Adapter string
	From    Colour
	Light   Light // as it is now
}

// Look judges every light at this moment and gives those that changed.
func (w *Watcher) Look() []Change {
	var changes []Change
	now := w.clock()
	for _, s := range w.sorted() {
		changes = append(changes, w.lookAt(s, now)...)
	}
	return changes
}

func (w *Watcher) lookAt(s *subject, now time.Time) []Change {
	breaker := w.breakers.worst(s.id)
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.lights
	s.lights = w.judged(s, now, breaker)
	var changes []Change
	for i, light := range s.lights {
		if light.Colour != before[i].Colour {
			changes = append(changes, Change{s.id, before[i].Colour, light})
		}
	}
	return changes
}

// judged gives the lights of a subject as they are now, and stores nothing. The subject's mu is held.
func (w *Watcher) judged(s *subject, now time.Time, b Breaker) [4]Light {
	look := s.look(now, w.limits, *w.disk.Load(), b)
	return turned(s.lights, now, look.judge())
}

func (w *Watcher) sorted() []*subject {
	w.mu.RLock()
	defer w.mu.RUnlock()
	all := make([]*subject, 0, len(w.subjects))
	for _, s := range w.subjects {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *subject) int { return cmp.Compare(a.id, b.id) })
	return all
}

// Overview judges every light at this moment and gives the whole picture. It stores nothing, so that [Watcher.Look] still tells of a light
// that changed, whoever saw it first.
func (w *Watcher) Overview() Overview {
	now := w.clock()
	seen := Overview{At: now}
	if revision := w.revision.Load(); revision != nil {
		seen.Revision = *revision
	}
	colours := map[string]Colour{}
	for _, s := range w.sorted() {
		shown := w.show(s, now)
		seen.Adapters = append(seen.Adapters, shown)
		colours[shown.ID] = shown.Lights[1].Colour
	}
	seen.Flows = w.flows.show(now, colours)
	return seen
}

// show gives the view of an adapter.
func (w *Watcher) show(s *subject, now time.Time) Adapter {
	breaker := w.breakers.worst(s.id)
	s.mu.Lock()
	defer s.mu.Unlock()
	view := Adapter{
		ID: s.id, Kind: s.kind, Region: s.region, Roles: slices.Clone(s.roles), Lights: w.judged(s, now, breaker), Version: s.version, Conformance: s.tested,
		OwnLatency: s.own.quantiles(now), SourceLatency: s.source.quantiles(now), BudgetLeft: s.all.budgetLeft(now, w.limits.objective),
		FiveMinutes: s.all.minutes.sum(now, fiveMinutes), Hour: s.all.hour.sum(now, hour), Day: s.all.day.sum(now, day),
		Breaker: breaker.State, LastSuccess: later(now, s.lastBefore, s.lastSuccess), OldestUndelivered: s.backlog.Lag.Seconds(), Pending: s.backlog.Pending,
		Parked: s.backlog.Parked,
	}
	if breaker.Wait > 0 {
		view.NextProbe = now.Add(breaker.Wait)
	}
	for what, at := range s.expiries {
		view.Expiries = append(view.Expiries, Expiry{what, at})
	}
	slices.SortFunc(view.Expiries, func(a, b Expiry) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.What, b.What)) })
	return view
}
