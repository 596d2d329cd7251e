package app

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// lasting is a receiver that the delivery of changes holds for good, while what is behind it may be replaced: each notice goes to the one
// in force.
type lasting struct {
	configured *config.Receiver // reloads only
	now        atomic.Pointer[leasedReceiver]
}

type leasedReceiver struct {
	tenancy
	print    fingerprint
	receiver *exchange.Receiver
}

func newLeasedReceiver(receiver *exchange.Receiver, print fingerprint, report func(error)) *leasedReceiver {
	l := &leasedReceiver{print: print, receiver: receiver}
	l.open(func() {
		if receiver.Close != nil {
			if err := receiver.Close(); err != nil {
				report(err)
			}
		}
	})
	return l
}

func (l *lasting) enter() *leasedReceiver {
	for {
		if r := l.now.Load(); r.enter() {
			return r
		}
	}
}

// Apply implements [exchange.ChangeReceiver].
func (l *lasting) Apply(ctx context.Context, notice exchange.Notice) error {
	r := l.enter()
	defer r.leave()
	return r.receiver.Changes.Apply(ctx, notice)
}

// lastingHoldings are what the platform says that it holds.
type lastingHoldings struct{ *lasting }

var errNoHoldings = errors.New("the receiver's new settings don't tell what the platform holds")

// Held implements [exchange.ChangeHolder].
func (l lastingHoldings) Held(ctx context.Context, purpose exchange.Purpose, after string) ([]exchange.Holding, error) {
	r := l.enter()
	defer r.leave()
	if r.receiver.Holdings == nil {
		return nil, &exchange.Error{Code: exchange.SourceDown, Source: r.receiver.ID, Err: errNoHoldings}
	}
	return r.receiver.Holdings.Held(ctx, purpose, after)
}

// Expected implements [exchange.ChangeHolder].
func (l lastingHoldings) Expected(notice exchange.Notice) (exchange.Holding, error) {
	r := l.enter()
	defer r.leave()
	if r.receiver.Holdings == nil {
		return exchange.Holding{}, errNoHoldings
	}
	return r.receiver.Holdings.Expected(notice)
}

// gone is in the place of a receiver that is not told any more, for a job that still tells in its name.
type gone struct{ id string }

// Apply implements [exchange.ChangeReceiver].
func (g gone) Apply(context.Context, exchange.Notice) error {
	return &exchange.Error{Code: exchange.SourceDown, Source: g.id, Err: errGone}
}

var errGone = errors.New("a reload took this receiver away")

// retire closes what is behind the receiver as soon as its last notice is through; nothing takes its place.
func (l *lasting) retire(id string) {
	nobody := &leasedReceiver{receiver: &exchange.Receiver{ID: id, Changes: gone{id}}}
	nobody.open(func() {})
	l.now.Swap(nobody).leave()
}

func (a *App) warnClosing(err error) { a.logger.Warn("close a receiver", "error", err) }

func printOfReceiver(c *config.Config, r *config.Receiver) fingerprint {
	return printOf(c, r, r.ID, r.Kind, r.Region)
}
