package changefeed

import (
	"context"
	"sync"
	"time"
)

// traffic knows whether any platform is told of what is new. While that is so, a platform that catches up does so at a walk.
type traffic struct {
	mu    sync.Mutex
	fresh int       // deliveries of new entries under way or waiting, of all platforms
	last  time.Time // when the last of them ended
}

const (
	// oldAfter is the age from which an entry is one to catch up on.
	oldAfter = 5 * time.Second

	// quietAfter is how long nothing new must be under way until what is old need not walk any more.
	quietAfter = time.Second
)

func (t *traffic) enter() (leave func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.fresh++
	return t.leave
}

func (t *traffic) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.fresh--
	t.last = time.Now()
}

// start has what is old walk at first: lanes that open at the same time need the processors to hear of what is new at all.
func (t *traffic) start() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = time.Now()
}

// quiet reports whether nobody is told of anything new.
func (t *traffic) quiet(now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.fresh == 0 && now.Sub(t.last) > quietAfter
}

// isOld reports whether an item is one to catch up on.
func (l *lane) isOld(it *item) bool { return l.cfg.Clock().Sub(it.entry.StoredAt) > oldAfter }

// enter waits for a slot of the platform. What is old waits for its turn first. It gets as many slots as what is new, since those that are
// told at the same time share the synced write of their records.
func (e *endpoint) enter(ctx context.Context, old bool) (leave func(), err error) {
	gone := func() {}
	if old {
		e.walk(ctx)
	} else {
		gone = e.traffic.enter()
	}
	if err := e.slots.enter(ctx); err != nil {
		gone()
		return nil, err
	}
	return func() { e.slots.leave(); gone() }, nil
}
