package changefeed

import (
	"context"
	"sync"
	"time"
)

// traffic lets what is new go before what is old: a platform that catches up takes what the others leave.
type traffic struct {
	mu    sync.Mutex
	fresh int           // deliveries of new entries under way or waiting, of all platforms
	clear chan struct{} // closes when there is none; nil: nobody waits for that
}

const (
	// oldAfter is the age from which an entry is one to catch up on.
	oldAfter = 5 * time.Second

	// giveWayFor bounds how long one that is old gives way. Where new ones are always under way, since a platform is slow but the
	// processors have time, nobody must starve.
	giveWayFor = 5 * time.Millisecond
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
	if t.fresh--; t.fresh == 0 && t.clear != nil {
		close(t.clear)
		t.clear = nil
	}
}

// giveWay waits until nothing new is under way, but not for long.
func (t *traffic) giveWay(ctx context.Context) {
	t.mu.Lock()
	if t.fresh == 0 {
		t.mu.Unlock()
		return
	}
	if t.clear == nil {
		t.clear = make(chan struct{})
	}
	clear := t.clear
	t.mu.Unlock()
	timer := time.NewTimer(giveWayFor)
	defer timer.Stop()
	select {
	case <-clear:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// isOld reports whether an item is one to catch up on.
func (l *lane) isOld(it *item) bool { return l.cfg.Clock().Sub(it.entry.StoredAt) > oldAfter }

// enter waits for a slot of the platform. What is old gives way first. It gets as many slots as what is new, since those that are told
// at the same time share the synced write of their records.
func (e *endpoint) enter(ctx context.Context, old bool) (leave func(), err error) {
	gone := func() {}
	if old {
		e.traffic.giveWay(ctx)
	} else {
		gone = e.traffic.enter()
	}
	if err := e.slots.enter(ctx); err != nil {
		gone()
		return nil, err
	}
	return func() { e.slots.leave(); gone() }, nil
}
