package changefeed

import (
	"context"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Marks keeps small durable values; [journal.State] is one.
type Marks interface {
	Get(ctx context.Context, key string) (journal.Value, error)
	Put(ctx context.Context, key string, data []byte, revision uint64) (uint64, error)
}

// Health is what is durably known of an endpoint.
type Health struct {
	Off         bool      `json:"off"`
	Since       time.Time `json:"since,omitzero"`       // when it was switched off or on, lastly
	Operator    string    `json:"operator,omitempty"`   // who did it; empty: the gateway itself
	Reason      string    `json:"reason,omitempty"`     // why
	LastSuccess time.Time `json:"lastSuccess,omitzero"` // it took a notice then, to within a minute
}

// healthSwitch is one endpoint's health in memory and in the marks, where other gateways see it.
type healthSwitch struct {
	platform string
	marks    Marks
	clock    func() time.Time

	mu      sync.Mutex
	health  Health
	loaded  bool
	saved   time.Time     // LastSuccess as stored
	changed chan struct{} // closed and renewed with each switch
}

func newSwitch(platform string, marks Marks, clock func() time.Time) *healthSwitch {
	return &healthSwitch{platform: platform, marks: marks, clock: clock, changed: make(chan struct{})}
}

// now gives the health as this process knows it, and a channel that closes when the endpoint is switched.
func (s *healthSwitch) now() (Health, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.health, s.changed
}

// ensure reads what is stored if nobody has yet.
func (s *healthSwitch) ensure(ctx context.Context) error {
	s.mu.Lock()
	loaded := s.loaded
	s.mu.Unlock()
	if loaded {
		return nil
	}
	return s.load(ctx)
}

// load reads what is stored, which another gateway may have changed.
func (s *healthSwitch) load(ctx context.Context) error {
	_, err := s.update(ctx, nil)
	return err
}

// saveEvery is how often a success is written down at most: it is a write to the disk, and successes are many.
const saveEvery = time.Minute

// succeeded notes that the endpoint took a notice.
func (s *healthSwitch) succeeded(ctx context.Context) error {
	at := s.clock().UTC()
	s.mu.Lock()
	s.health.LastSuccess = at
	due := at.Sub(s.saved) >= saveEvery
	if due {
		s.saved = at
	}
	s.mu.Unlock()
	if !due {
		return nil
	}
	_, err := s.update(ctx, func(h *Health) bool { h.LastSuccess = at; return true })
	return err
}

// turn switches the endpoint, and reports whether that changed anything. To switch on what is on says that it works from now on: what
// waits for another attempt is tried at once.
func (s *healthSwitch) turn(ctx context.Context, off bool, by Action) (bool, error) {
	return s.update(ctx, func(h *Health) bool {
		if h.Off && off {
			return false
		}
		h.Off, h.Since, h.Operator, h.Reason = off, s.clock().UTC(), by.Operator, by.Reason
		return true
	})
}

// take makes what is stored known here; a success that was not written yet stays.
func (s *healthSwitch) take(stored Health) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.health.LastSuccess.After(stored.LastSuccess) {
		stored.LastSuccess = s.health.LastSuccess
	}
	if s.health.Off != stored.Off || !s.health.Since.Equal(stored.Since) { // off and on again between two looks counts
		close(s.changed)
		s.changed = make(chan struct{})
	}
	s.health, s.loaded = stored, true
}
