package outbound

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/failsafe-go/failsafe-go/bulkhead"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// errUnfinished stands for a call that ended by a panic.
var errUnfinished = errors.New("the call did not finish")

// overloadAdvice is when a call that found no room may be tried again.
const overloadAdvice = time.Second

// gate lets a call through to its destination: the bulkhead first, so that a call that finds no room leaves no trace in the
// breaker's count.
type gate struct {
	bulkhead  bulkhead.Bulkhead[any]
	queueWait time.Duration
	breaker   circuitbreaker.CircuitBreaker[any]
}

func newGate(config Config, logger *slog.Logger) *gate {
	breaker := circuitbreaker.NewBuilder[any]().
		WithFailureRateThreshold(config.Breaker.FailureRate, uint(config.Breaker.MinCalls), config.Breaker.Window).
		WithDelay(config.Breaker.OpenFor).
		WithSuccessThreshold(1). // when half-open: one call tries, and its outcome decides
		OnStateChanged(func(event circuitbreaker.StateChangedEvent) {
			logger.LogAttrs(context.Background(), slog.LevelWarn, "breaker changed",
				slog.String("from", event.OldState.String()), slog.String("to", event.NewState.String()))
		}).
		Build()
	return &gate{
		bulkhead: bulkhead.New[any](uint(config.Concurrency)), queueWait: config.QueueWait, breaker: breaker,
	}
}

func (g *gate) enter(ctx context.Context) error {
	if err := g.bulkhead.AcquirePermitWithMaxWait(ctx, g.queueWait); err != nil {
		return noRoom(err)
	}
	if g.breaker.TryAcquirePermit() {
		return nil
	}
	g.bulkhead.ReleasePermit()
	failure := exchange.ErrorAt(exchange.SourceDown, "", "not asked: %w", circuitbreaker.ErrOpen) // it says nothing of where the fault is
	failure.RetryAfter = g.breaker.RemainingDelay()
	return failure
}

func noRoom(err error) error {
	if !errors.Is(err, bulkhead.ErrFull) {
		return exchange.Errorf(exchange.SourceTimeout, "waiting for a turn: %w", err)
	}
	failure := exchange.Errorf(exchange.Overloaded, "not asked: %w", err)
	failure.RetryAfter = overloadAdvice
	return failure
}

// leave counts the outcome. A caller who went away says nothing about the destination, so it is not counted; only a trial call
// must be settled, and unknown there means: not up yet.
func (g *gate) leave(err error) {
	defer g.bulkhead.ReleasePermit()
	switch {
	case failing(err), abandoned(err) && g.breaker.IsHalfOpen():
		g.breaker.RecordFailure()
	case !abandoned(err):
		g.breaker.RecordSuccess()
	}
}

func failing(err error) bool {
	switch exchange.CodeOf(err) {
	case exchange.SourceDown, exchange.TransferInterrupted:
		return true
	case exchange.SourceTimeout:
		return !abandoned(err)
	}
	return false
}

func abandoned(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, errUnfinished)
}
