package poll

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Quota bounds the questions to one source. Days are those of Asia/Shanghai, by which the platforms count.
type Quota struct {
	PerSecond float64 // questions per second, evenly spaced; 0: no bound
	PerDay    int     // 0: no bound
}

// Gate lets questions to one source through within its quota. Those of a day are counted in a mark, in blocks that are taken before
// they are used: a restart may waste a part of a block and never exceeds the quota, and several gateways on one store share it. It is
// safe for concurrent use.
type Gate struct {
	quota Quota
	clock func() time.Time

	mu    sync.Mutex
	next  time.Time // no question before
	mark  mark[dayCount]
	today dayCount
	spare int  // of today's count, taken and not used
	known bool // today is as stored
}

// dayCount is the mark.
type dayCount struct {
	Day   string `json:"day"`
	Taken int    `json:"taken"`
}

// blocks is into how many parts the questions of a day are divided.
const blocks = 100

// NewGate opens the gate of a source. The first question waits as if one had just been asked: the process before may have.
func NewGate(source string, quota Quota, marks Marks, clock func() time.Time) *Gate {
	g := &Gate{quota: quota, clock: clock, mark: mark[dayCount]{marks: marks, key: "quota/" + source}}
	g.next = clock().Add(g.spacing())
	return g
}

func (g *Gate) spacing() time.Duration {
	if g.quota.PerSecond <= 0 {
		return 0
	}
	return time.Duration(float64(time.Second) / g.quota.PerSecond)
}

// Enter returns when one more question may be put. Errors: ctx's, those of the marks.
func (g *Gate) Enter(ctx context.Context) error {
	for {
		wait, free, err := g.take(ctx)
		if err != nil {
			return err
		}
		pause(ctx, wait)
		if free || ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// Pace gives the time between questions that spreads what is left of the day's quota over what is left of the day.
func (g *Gate) Pace() time.Duration {
	if g.quota.PerDay <= 0 {
		return 0
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	now, left := g.clock(), g.quota.PerDay
	if g.today.Day == exchange.Today(now).String() {
		left -= g.today.Taken - g.spare
	}
	return tomorrow(now).Sub(now) / time.Duration(max(left, 1))
}

// take gives the wait before the question, or, if it is not free, before the next try.
func (g *Gate) take(ctx context.Context) (wait time.Duration, free bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.clock()
	if g.quota.PerDay > 0 {
		left, err := g.reserve(ctx, now)
		if err != nil || !left {
			return tomorrow(now).Sub(now), false, err
		}
		g.spare--
	}
	slot := now
	if g.next.After(now) {
		slot = g.next
	}
	g.next = slot.Add(g.spacing())
	return slot.Sub(now), true, nil
}

// reserve makes sure that there is a question to spare, and reports false when the day's are used up.
func (g *Gate) reserve(ctx context.Context, now time.Time) (left bool, err error) {
	day := exchange.Today(now).String()
	for g.today.Day != day || g.spare == 0 {
		if err := g.load(ctx); err != nil {
			return false, err
		}
		if g.today.Day != day {
			g.today = dayCount{Day: day}
		}
		block := min(max(g.quota.PerDay/blocks, 1), g.quota.PerDay-g.today.Taken)
		if block <= 0 {
			return false, nil
		}
		err := g.store(ctx, block)
		if err != nil && !errors.Is(err, journal.ErrConflict) {
			return false, err
		}
	}
	return true, nil
}

// load reads the mark unless it is known.
func (g *Gate) load(ctx context.Context) error {
	if g.known {
		return nil
	}
	stored, _, err := g.mark.load(ctx)
	if err != nil {
		return err
	}
	g.today, g.spare, g.known = stored, 0, true
	return nil
}

// store takes a block. After any failure the mark must be read again: it may have been written, or another gateway wrote it.
func (g *Gate) store(ctx context.Context, block int) error {
	next := dayCount{g.today.Day, g.today.Taken + block}
	g.known = false
	if err := g.mark.store(ctx, next); err != nil {
		return err
	}
	g.today, g.spare, g.known = next, block, true
	return nil
}

// tomorrow is the next midnight in China.
func tomorrow(now time.Time) time.Time { return exchange.Today(now).AddDays(1).Time() }
