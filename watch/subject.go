package watch

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// observation is the last word of one kind of probe.
type observation struct {
	at     time.Time // zero: nothing was observed
	failed bool
	layer  Layer
	detail string // such as the name of a field; never a value
}

// subject is all that is known of one adapter. Its memory is bounded: some 25 kB.
type subject struct {
	id string

	mu                    sync.Mutex // held for what follows
	kind, region, version string
	roles                 []string

	all, asked  tally // every call, and those of canaries among them
	own, source spread
	lastCall    observation
	lastBad     observation // of calls
	lastSuccess time.Time
	lastBefore  time.Time // the last success before the start; no light goes by it

	probe, canary, value, errand observation // a connection, a canary's answer, its values, a canary change's way
	data                         age
	backlog                      Backlog
	backlogAt                    time.Time
	covered                      map[string]age // what polls have covered, by mode
	skew                         time.Duration  // the platform's clock ahead of ours
	expiries                     map[string]time.Time
	tested                       time.Time
	lights                       [4]Light
}

// age is up to when something is known, and how old that may be.
type age struct {
	upTo, seen time.Time
	bound      time.Duration
}

// old reports whether it is too old at a moment.
func (a age) old(now time.Time) bool {
	return !a.seen.IsZero() && a.bound > 0 && now.Sub(a.upTo) > a.bound
}

func newSubject(id string) *subject {
	s := &subject{id: id, all: newTally(), asked: newTally(), covered: map[string]age{}, expiries: map[string]time.Time{}}
	for i, name := range [4]LightName{Configuration, Reachability, Freshness, Contract} {
		s.lights[i] = Light{Name: name, Colour: Grey, Why: nothingSeen()}
	}
	return s
}

// configured takes in one role of the adapter.
func (s *subject) configured(p *Part) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kind, s.region, s.version = cmp.Or(s.kind, p.Kind), cmp.Or(s.region, p.Region), cmp.Or(s.version, p.Version)
	if !slices.Contains(s.roles, p.Role) {
		s.roles = append(s.roles, p.Role)
	}
}

// unconfigured forgets the roles; what was observed stays.
func (s *subject) unconfigured() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kind, s.region, s.version, s.roles = "", "", "", nil
}

// called counts a call; mu is held.
func (s *subject) called(now time.Time, c Call) {
	worked := !Failure(c.Err)
	s.all.add(now, worked)
	if c.Canary {
		s.asked.add(now, worked)
	}
	s.source.add(now, c.Waited)
	s.own.add(now, c.Took-c.Waited)
	seen := observation{at: now, failed: !worked, layer: layerOf(c.Err)}
	if worked {
		s.lastSuccess, seen.layer = now, LayerNone
	} else {
		if seen.layer == LayerNone { // a call that was not even made says nothing about where the fault is
			seen.layer = s.lastBad.layer
		}
		seen.layer = s.clockInstead(seen.layer)
		s.lastBad = seen
	}
	s.lastCall = seen
	if c.Canary {
		s.canary = seen
	}
}

// refusalSkew is how far clocks may be apart before a refusal is held to be about them: platforms allow 60 to 300 s.
const refusalSkew = 45 * time.Second

// clockInstead names the clock where a platform that refuses us shows another time: many say no more than "refused".
func (s *subject) clockInstead(layer Layer) Layer {
	if (layer == LayerSignature || layer == LayerCredential) && s.skew.Abs() > refusalSkew {
		return LayerClock
	}
	return layer
}
