package journal

import (
	"context"
	"sync"
	"time"
)

// lastWord is how long a stop waits for the engine to hear what was said to it.
const lastWord = 2 * time.Second

// words are requests to the engine that nobody waits for, except a stop.
type words struct {
	mu      sync.Mutex
	pending int
	silent  chan struct{} // closed when pending is 0 again; nil when nobody waits for that
}

// say runs the request beside its caller.
func (w *words) say(request func()) {
	w.mu.Lock()
	w.pending++
	w.mu.Unlock()
	go func() {
		request()
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.pending--; w.pending == 0 && w.silent != nil {
			close(w.silent)
			w.silent = nil
		}
	}()
}

// await returns when all requests have ended, or when ctx ends.
func (w *words) await(ctx context.Context) {
	w.mu.Lock()
	if w.pending == 0 {
		w.mu.Unlock()
		return
	}
	if w.silent == nil {
		w.silent = make(chan struct{})
	}
	silent := w.silent
	w.mu.Unlock()
	select {
	case <-silent:
	case <-ctx.Done():
	}
}
