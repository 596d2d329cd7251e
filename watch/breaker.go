package watch

import (
	"slices"
	"sync"
	"time"
)

// Breaker is how a circuit breaker stands.
type Breaker struct {
	State string        // closed, half-open, open
	Wait  time.Duration // how long an open one still lets no call through
}

// breakers are the circuit breakers of all adapters. An adapter has one for each of its clients, and clients come and go with reloads.
type breakers struct {
	mu   sync.Mutex
	last int
	all  map[string]map[int]func() Breaker // by adapter
}

func newBreakers() *breakers { return &breakers{all: map[string]map[int]func() Breaker{}} }

// Breaker lets the watcher look at a circuit breaker of an adapter, which need not be known yet, until forget is called.
func (w *Watcher) Breaker(id string, state func() Breaker) (forget func()) {
	b := w.breakers
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	number := b.last
	if b.all[id] == nil {
		b.all[id] = map[int]func() Breaker{}
	}
	b.all[id][number] = state
	return func() { b.forget(id, number) }
}

func (b *breakers) forget(id string, number int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.all[id], number)
	if len(b.all[id]) == 0 {
		delete(b.all, id)
	}
}

// worst gives the worst of an adapter's breakers.
func (b *breakers) worst(id string) Breaker {
	var worst Breaker
	for _, look := range b.of(id) {
		if seen := look(); slices.Index(severity(), seen.State) > slices.Index(severity(), worst.State) {
			worst = seen
		}
	}
	return worst
}

// of copies them: a breaker has a lock of its own, which is not taken under ours.
func (b *breakers) of(id string) []func() Breaker {
	b.mu.Lock()
	defer b.mu.Unlock()
	looks := make([]func() Breaker, 0, len(b.all[id]))
	for _, look := range b.all[id] {
		looks = append(looks, look)
	}
	return looks
}

func severity() []string { return []string{"", "closed", "half-open", "open"} }
