package changefeed

import (
	"context"
	"runtime"
	"sync"
	"time"
)

// pace is the walk of one platform that catches up: how many old entries a second it is told of while others are told of what is new. It is
// never so slow that the platform would not catch up.
type pace struct {
	mu   sync.Mutex
	turn time.Time
	left int // entries that may still go with this turn
}

const (
	// A platform is given so many old entries for each processor, at turns so far apart: a delivery costs some 0.4 ms of one, so the larger half
	// stays free for what is new; with two processors 100,000 entries take 50 s. Those of a turn are told at the same time and share the
	// synced write of their records.
	walkPerProcessor = 2
	walkEvery        = 2 * time.Millisecond
)

// walk waits for the turn of an old entry, if there is anything new to give way to.
func (e *endpoint) walk(ctx context.Context) {
	now := time.Now()
	if e.traffic.quiet(now) {
		return
	}
	if wait := e.pace.take(now); wait > 0 {
		pause(ctx, wait)
	}
}

// take takes part in a turn and gives the time until then.
func (p *pace) take(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left == 0 {
		p.left = walkPerProcessor * runtime.GOMAXPROCS(0)
		if p.turn = p.turn.Add(walkEvery); p.turn.Before(now) {
			p.turn = now
		}
	}
	p.left--
	return p.turn.Sub(now)
}
