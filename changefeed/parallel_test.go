package changefeed

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// turnstile takes notices, counts how many are under way at once, and lets them go when it is open.
type turnstile struct {
	mu                sync.Mutex
	under, most, gone int
	open              chan struct{}
}

func (s *turnstile) Apply(ctx context.Context, _ exchange.Notice) error {
	s.mu.Lock()
	s.under++
	s.most = max(s.most, s.under)
	s.mu.Unlock()
	select {
	case <-s.open:
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.under, s.gone = s.under-1, s.gone+1
	return nil
}

func (s *turnstile) counts() (under, most, gone int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.under, s.most, s.gone
}

// TestNoticesUnderWayAreBounded by what the endpoint says, over all partitions together, and not below it.
func TestNoticesUnderWayAreBounded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ parallel, want int }{"three": {3, 3}, "one": {1, 1}, "the default": {0, defaultParallel}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const changes = 60
			r, s := newRig(t), &turnstile{open: make(chan struct{})}
			r.add("zheliban")
			for n := range changes {
				report(t, r.intake, reported(t, "police", n, 1, zt("B")))
			}
			r.start(t, func(cfg *Config) {
				e := &cfg.Endpoints[0]
				e.Receiver, e.Parallel, e.Timeout = s, c.parallel, time.Minute
			})
			r.until(t, "all places are taken", func() bool { under, _, _ := s.counts(); return under >= c.want })
			close(s.open)
			r.drained(t, "zheliban")
			if _, most, gone := s.counts(); most != c.want || gone != changes {
				t.Errorf("%d at once of %d, want %d of %d", most, gone, c.want, changes)
			}
		})
	}
}
