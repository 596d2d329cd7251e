package watch

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Config says what a [Watcher] holds adapters to. Clock must be set; every other member has a default.
type Config struct {
	Clock     func() time.Time
	Objective float64                    // share of calls that is to work over 30 days. 0: 0.995
	Slow      time.Duration              // reachability is yellow when the platform's share takes longer at the 95th percentile. 0: 1 s
	Lag       time.Duration              // freshness is red when a change waits longer, yellow at a fifth. 0: 5 min
	Skew      time.Duration              // configuration is yellow when the clocks are further apart. 0: 30 s
	Soon      time.Duration              // configuration is yellow when something expires within. 0: 14 days
	Failed    func(id string, err error) // is told of each call that failed. nil: nobody
}

// The defaults of [Config].
const (
	DefaultObjective = 0.995
	DefaultSlow      = time.Second
	DefaultLag       = 5 * time.Minute
	DefaultSkew      = 30 * time.Second
	DefaultSoon      = 14 * day
)

// Watcher keeps what is observed of every adapter and turns it into lights. It is safe for concurrent use, and what it is told of
// calls costs well under a microsecond. Its memory is bounded by the number of adapters.
type Watcher struct {
	clock    func() time.Time
	limits   limits
	failed   func(id string, err error)
	revision atomic.Pointer[string]
	disk     atomic.Pointer[observation]
	flows    flows
	breakers *breakers

	mu       sync.RWMutex
	subjects map[string]*subject
}

// New makes a watcher of no adapter.
func New(c Config) *Watcher {
	w := &Watcher{
		clock: c.Clock, failed: c.Failed, subjects: map[string]*subject{}, flows: newFlows(), breakers: newBreakers(),
		limits: limits{
			cmp.Or(c.Objective, DefaultObjective), cmp.Or(c.Slow, DefaultSlow), cmp.Or(c.Lag, DefaultLag),
			cmp.Or(c.Skew, DefaultSkew), cmp.Or(c.Soon, DefaultSoon),
		},
	}
	w.disk.Store(&observation{})
	return w
}

// Part is one role of an adapter in the configuration. Parts with the same id are one adapter.
type Part struct {
	ID, Kind, Region string
	Role             string // source, receiver, push, poll or frontdb
	Version          string
}

// Add makes an adapter known.
func (w *Watcher) Add(p Part) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.add(&p)
}

// Configure makes exactly these adapters known. What was observed of those that stay is kept.
func (w *Watcher) Configure(parts []Part) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, s := range w.subjects {
		if slices.ContainsFunc(parts, func(p Part) bool { return p.ID == id }) {
			s.unconfigured()
			continue
		}
		delete(w.subjects, id)
	}
	for i := range parts {
		w.add(&parts[i])
	}
}

func (w *Watcher) add(p *Part) {
	s := w.subjects[p.ID]
	if s == nil {
		s = newSubject(p.ID)
		w.subjects[p.ID] = s
	}
	s.configured(p)
}

// Call is one question to an adapter, or one notice, with all its attempts.
type Call struct {
	Took   time.Duration // whole
	Waited time.Duration // of it, for the platform
	Err    error         // nil: answered
	Canary bool          // a canary asked
}

// Failure reports whether an error is a failure of the platform or of the way to it, and not an answer such as "no such record", or
// something that we did not even ask.
func Failure(err error) bool {
	switch exchange.CodeOf(err) {
	case exchange.SourceDown, exchange.SourceTimeout, exchange.SourceInvalid, exchange.SourceRefused, exchange.TransferInterrupted,
		exchange.Overloaded, exchange.Internal, exchange.EndpointGone:
		return true
	}
	return false
}

// Called tells of a call. One whose caller went away, or that was not made since the request is wrong, is not counted.
func (w *Watcher) Called(id string, c Call) {
	switch exchange.CodeOf(c.Err) {
	case exchange.InvalidRequest, exchange.OperationNotOffered:
		return
	}
	if c.Err != nil && errors.Is(c.Err, context.Canceled) {
		return
	}
	w.tell(id, func(s *subject, now time.Time) { s.called(now, c) })
	if w.failed != nil && Failure(c.Err) {
		w.failed(id, c.Err)
	}
}

// Probed tells how a probe of the connection ended.
func (w *Watcher) Probed(id string, err error) {
	w.tell(id, func(s *subject, now time.Time) {
		s.probe = observation{at: now, failed: err != nil, layer: layerOf(err)}
	})
}

// Compared tells whether a canary's values are right; field names the first that is not.
func (w *Watcher) Compared(id string, right bool, field string) {
	w.tell(id, func(s *subject, now time.Time) {
		s.value = observation{at: now, failed: !right, layer: LayerValue, detail: field}
	})
}

// Sighted tells how old a source's data is and may be, as a canary's record shows it: the record that a caller asks for may be old for a
// good reason. bound 0 leaves the bound that is known.
func (w *Watcher) Sighted(id string, asOf time.Time, bound time.Duration) {
	w.tell(id, func(s *subject, now time.Time) {
		s.data = age{asOf, now, cmp.Or(bound, s.data.bound)}
	})
}

// Arrived tells whether a canary's change reached a receiver in time.
func (w *Watcher) Arrived(id string, inTime bool) {
	w.tell(id, func(s *subject, now time.Time) { s.errand = observation{at: now, failed: !inTime, layer: LayerData} })
}

// Backlog is what waits for a receiver.
type Backlog struct {
	Pending, Parked int
	Lag             time.Duration // of the oldest
	Bound           time.Duration // how long a change may wait; 0: as configured for all
	Off             bool          // the receiver is switched off
}

// Waiting tells what waits for a receiver.
func (w *Watcher) Waiting(id string, b Backlog) {
	w.tell(id, func(s *subject, now time.Time) { s.backlog, s.backlogAt = b, now })
}

// Covered tells up to when a poll knows all that a source had, and how old that may be.
func (w *Watcher) Covered(id, mode string, upTo time.Time, bound time.Duration) {
	w.tell(id, func(s *subject, now time.Time) { s.covered[mode] = age{upTo, now, bound} })
}

// Skewed tells how far the platform's clock is ahead of ours.
func (w *Watcher) Skewed(id string, ahead time.Duration) {
	w.tell(id, func(s *subject, _ time.Time) { s.skew = ahead })
}

// Expires tells when a credential or a certificate of an adapter ends. The zero time forgets it.
func (w *Watcher) Expires(id, what string, at time.Time) {
	w.tell(id, func(s *subject, _ time.Time) {
		if at.IsZero() {
			delete(s.expiries, what)
			return
		}
		s.expiries[what] = at
	})
}

// Tested tells that an adapter passed the connection test whole.
func (w *Watcher) Tested(id string) {
	w.tell(id, func(s *subject, now time.Time) { s.tested = now })
}

// Stored tells whether the gateway's own storage can be written; the error's text is not shown.
func (w *Watcher) Stored(err error) {
	w.disk.Store(&observation{at: w.clock(), failed: err != nil, layer: LayerDisk})
}

// Governed tells which policies are in force.
func (w *Watcher) Governed(revision string) { w.revision.Store(&revision) }

// tell changes what is known of an adapter; an unknown one is passed over.
func (w *Watcher) tell(id string, change func(*subject, time.Time)) {
	w.mu.RLock()
	s := w.subjects[id]
	w.mu.RUnlock()
	if s == nil {
		return
	}
	now := w.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s, now)
}

func layerOf(err error) Layer { return Layer(exchange.LayerOf(err)) }
