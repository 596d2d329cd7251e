package outbound

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/failsafe-go/failsafe-go/adaptivelimiter"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// overloadAdvice is when a call that found no room may be tried again.
const overloadAdvice = time.Second

// room bounds the calls under way to one destination, and those that wait for their turn. How many may be under way follows what the
// destination bears: when its answers slow down while more is asked, fewer are let through, and more again when they are fast. So a
// destination that is slow is not buried, and holds a bounded part of the gateway's places.
type room struct {
	limiter   adaptivelimiter.AdaptiveLimiter[any]
	queue     int64
	queueWait time.Duration
	waiting   atomic.Int64
	takes     atomic.Int64 // nanoseconds of a call, smoothed; 0: not known yet
}

func newRoom(config Config, logger *slog.Logger) *room {
	limiter := adaptivelimiter.NewBuilder[any]().
		WithLimits(uint(config.MinConcurrency), uint(config.Concurrency), uint(config.Concurrency)).
		WithMaxLimitFactor(float64(config.Concurrency)). // few calls at night are no reason to let fewer through in the morning
		OnLimitChanged(func(event adaptivelimiter.LimitChangedEvent) {
			logger.LogAttrs(context.Background(), slog.LevelDebug, "concurrency changed",
				slog.Uint64("from", uint64(event.OldLimit)), slog.Uint64("to", uint64(event.NewLimit)))
		}).
		Build()
	return &room{limiter: limiter, queue: int64(config.Queue), queueWait: config.QueueWait}
}

// stay is a call's time in the room. It ends with leave or forget, once.
type stay struct {
	room   *room
	permit adaptivelimiter.Permit
	since  time.Time
}

// enter waits for a turn, if it can come in time: the errors are Overloaded, at once if it can't, and SourceTimeout.
func (r *room) enter(ctx context.Context) (*stay, error) {
	if permit, ok := r.limiter.TryAcquirePermit(); ok {
		return &stay{r, permit, time.Now()}, nil
	}
	waiting := r.waiting.Add(1)
	defer r.waiting.Add(-1)
	if waiting > r.queue || !r.inTime(ctx, waiting) {
		return nil, full(adaptivelimiter.ErrExceeded)
	}
	permit, err := r.limiter.AcquirePermitWithMaxWait(ctx, r.queueWait)
	if errors.Is(err, adaptivelimiter.ErrExceeded) {
		return nil, full(err)
	}
	if err != nil {
		return nil, exchange.Errorf(exchange.SourceTimeout, "waiting for a turn: %w", err)
	}
	return &stay{r, permit, time.Now()}, nil
}

// inTime judges by what calls took lately whether the turn comes before the wait is over, and early enough for an answer.
func (r *room) inTime(ctx context.Context, waiting int64) bool {
	takes := time.Duration(r.takes.Load())
	turn := takes * time.Duration(waiting) / time.Duration(max(1, r.limiter.Limit()))
	deadline, bounded := ctx.Deadline()
	return turn <= r.queueWait && (!bounded || turn+takes <= time.Until(deadline))
}

func full(cause error) *exchange.Error {
	failure := exchange.Errorf(exchange.Overloaded, "not asked: %w", cause)
	failure.RetryAfter = overloadAdvice
	return failure
}

// leave gives the turn to the next. Only the time of an answer, or of waiting in vain for one, tells what the destination bears: one that
// refuses connections does so at once.
func (s *stay) leave(err error) {
	if err != nil && (abandoned(err) || exchange.CodeOf(err) != exchange.SourceTimeout) {
		s.permit.Drop()
		return
	}
	took, before := int64(time.Since(s.since)), s.room.takes.Load()
	if before != 0 {
		took = before + (took-before)/8
	}
	s.room.takes.Store(took) // of two at once, one is forgotten: it is an average
	s.permit.Record()
}

// forget ends a stay in which nothing was asked.
func (s *stay) forget() { s.permit.Drop() }

// Load is how much is under way to a destination.
type Load struct {
	Limit    int // calls that may be under way at this moment
	UnderWay int
	Waiting  int // for their turn
}

// Load tells how much is under way.
func (c *Client) Load() Load {
	r := c.gate.room
	return Load{Limit: r.limiter.Limit(), UnderWay: r.limiter.Inflight(), Waiting: int(r.waiting.Load())}
}
