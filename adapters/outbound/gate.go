package outbound

import (
	"context"
	"errors"
	"log/slog"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// errUnfinished stands for a call that ended by a panic.
var errUnfinished = errors.New("the call did not finish")

// gate lets a call through to its destination: the room first, so that a call that finds none leaves no trace in the breaker's count.
type gate struct {
	room    *room
	breaker circuitbreaker.CircuitBreaker[any]
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
	return &gate{room: newRoom(config, logger), breaker: breaker}
}

func (g *gate) enter(ctx context.Context) (*stay, error) {
	entered, err := g.room.enter(ctx)
	if err != nil {
		return nil, err
	}
	if g.breaker.TryAcquirePermit() {
		return entered, nil
	}
	entered.forget()
	failure := exchange.ErrorAt(exchange.SourceDown, "", "not asked: %w", circuitbreaker.ErrOpen) // it says nothing of where the fault is
	failure.RetryAfter = g.breaker.RemainingDelay()
	return nil, failure
}

// leave counts the outcome. A caller who went away says nothing about the destination, so it is not counted; only a trial call
// must be settled, and unknown there means: not up yet.
func (g *gate) leave(entered *stay, err error) {
	defer entered.leave(err)
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
