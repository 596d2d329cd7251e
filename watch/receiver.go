package watch

import (
	"context"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Applied is told of each notice that a receiver took, for whoever waits for one.
type Applied func(receiver string, notice *exchange.Notice, at time.Time)

// Receiver gives the receiver with every notice to it watched; applied may be nil. The original is not changed.
func (w *Watcher) Receiver(r *exchange.Receiver, applied Applied) *exchange.Receiver {
	seen := *r
	seen.Changes = watchedReceiver{w, r, applied}
	if r.Holdings != nil {
		seen.Holdings = watchedHoldings{w, r}
	}
	return &seen
}

type watchedReceiver struct {
	w       *Watcher
	r       *exchange.Receiver
	applied Applied
}

func (r watchedReceiver) Apply(ctx context.Context, notice exchange.Notice) error {
	_, err := watched(ctx, r.w, r.r.ID, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, r.r.Changes.Apply(ctx, notice)
	})
	if err != nil {
		return err
	}
	now := r.w.clock()
	r.w.flows.add(now, flowKey{notice.Origin, r.r.ID, flowChange}, max(0, now.Sub(notice.Happened)))
	if r.applied != nil {
		r.applied(r.r.ID, &notice, now)
	}
	return nil
}

type watchedHoldings struct {
	w *Watcher
	r *exchange.Receiver
}

func (h watchedHoldings) Held(ctx context.Context, purpose exchange.Purpose, after string) ([]exchange.Holding, error) {
	return watched(ctx, h.w, h.r.ID, func(ctx context.Context) ([]exchange.Holding, error) {
		return h.r.Holdings.Held(ctx, purpose, after)
	})
}

func (h watchedHoldings) Expected(notice exchange.Notice) (exchange.Holding, error) {
	return h.r.Holdings.Expected(notice)
}
