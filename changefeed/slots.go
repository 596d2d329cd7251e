package changefeed

import (
	"context"
	"slices"
	"sync"
)

// slots lets so many callers in at once, in the order in which they came.
type slots struct {
	mu    sync.Mutex
	limit int
	taken int
	queue []chan struct{} // each closes when its turn has come
}

func newSlots(limit int) *slots { return &slots{limit: limit} }

// enter waits for a slot, to be given back by leave. Its error is the context's.
func (s *slots) enter(ctx context.Context) error {
	s.mu.Lock()
	if s.taken < s.limit && len(s.queue) == 0 {
		s.taken++
		s.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	s.queue = append(s.queue, turn)
	s.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		s.withdraw(turn)
		return context.Cause(ctx)
	}
}

// withdraw leaves the queue, or gives the slot back that came at the same moment.
func (s *slots) withdraw(turn chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := slices.Index(s.queue, turn); at >= 0 {
		s.queue = slices.Delete(s.queue, at, at+1)
		return
	}
	s.taken--
	s.admit()
}

func (s *slots) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken--
	s.admit()
}

// admit lets in whoever has room. Call with mu held.
func (s *slots) admit() {
	for len(s.queue) > 0 && s.taken < s.limit {
		close(s.queue[0])
		s.queue = s.queue[1:]
		s.taken++
	}
}
