package changefeed

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// roster holds the endpoints, which may come and go while changes are told.
type roster struct {
	mu        sync.Mutex
	endpoints map[string]*endpoint // by platform; held by mu, as is all below
	telling   map[string]*turns    // outlive an endpoint, so that what a job still tells in its name never overtakes its successor
	traffic   *traffic
	life      context.Context // of the lanes; nil: they don't run
	lanes     sync.WaitGroup  // of all endpoints, those that are gone too
}

// Add takes in one more platform, whose lanes run at once if the others' do: from where its cursors stand, if it was here before, and
// from the beginning otherwise. The error says that it has no receiver, or that it is here already.
func (d *Dispatcher) Add(configured Endpoint) error {
	r := &d.roster
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.endpoints[configured.Platform] != nil || configured.Platform == "" || configured.Receiver == nil {
		return fmt.Errorf("endpoint %q: it needs a platform of its own and a receiver", configured.Platform)
	}
	if r.telling[configured.Platform] == nil {
		r.telling[configured.Platform] = &turns{}
	}
	e := &endpoint{
		Endpoint: configured, health: newSwitch(configured.Platform, d.cfg.Marks, d.cfg.Clock), telling: r.telling[configured.Platform],
		traffic: r.traffic, slots: newSlots(configured.width()),
	}
	for partition := range d.cfg.Partitions {
		e.lanes = append(e.lanes, &lane{cfg: &d.cfg, endpoint: e, partition: partition, ahead: map[string]uint64{}})
	}
	r.endpoints[e.Platform] = e
	if r.life != nil {
		r.start(e)
	}
	return nil
}

// Remove tells a platform no more, and returns when nothing is under way to it, but what an operator's job has begun. Its cursors, its
// switch and what was parked stay in the journal. Of a platform that is not here nothing happens.
func (d *Dispatcher) Remove(platform string) {
	r := &d.roster
	r.mu.Lock()
	e := r.endpoints[platform]
	delete(r.endpoints, platform)
	r.mu.Unlock()
	if e != nil && e.stop != nil {
		e.stop()
		e.running.Wait()
	}
}

// run has all lanes at work until ctx ends, those that come meanwhile too.
func (r *roster) run(ctx context.Context) {
	r.mu.Lock()
	r.life = ctx
	r.traffic.start()
	for _, e := range r.endpoints {
		r.start(e)
	}
	r.mu.Unlock()
	<-ctx.Done()
	r.mu.Lock()
	r.life = nil // nobody starts from here on
	r.mu.Unlock()
	r.lanes.Wait()
}

// start has an endpoint's lanes at work. Batches are somebody else's. The caller holds mu.
func (r *roster) start(e *endpoint) {
	if e.Batched {
		return
	}
	var ctx context.Context
	ctx, e.stop = context.WithCancel(r.life)
	for _, l := range e.lanes {
		r.lanes.Add(1)
		e.running.Go(func() {
			defer r.lanes.Done()
			l.run(ctx)
		})
	}
}

// find gives nil for a platform that is not here.
func (r *roster) find(platform string) *endpoint {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.endpoints[platform]
}

// all gives the endpoints of this moment.
func (r *roster) all() []*endpoint {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Collect(maps.Values(r.endpoints))
}
