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
	now atomic.Pointer[leasedReceiver]
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

// last gives each receiver that an adapter is behind in a form that outlasts reloads.
func (c *changes) last(a *App, all receivers) receivers {
	c.lasting = map[string]*lasting{}
	steady := receivers{}
	for i := range a.config.Receivers {
		configured := &a.config.Receivers[i]
		receiver := all[configured.ID]
		if receiver == nil {
			continue
		}
		l := &lasting{}
		l.now.Store(newLeasedReceiver(receiver, printOfReceiver(a.config, configured), a.warnClosing))
		outer := *receiver
		outer.Changes, outer.Close = l, func() error { l.now.Load().leave(); return nil }
		if receiver.Holdings != nil {
			outer.Holdings = lastingHoldings{l}
		}
		c.lasting[configured.ID], steady[configured.ID] = l, &outer
	}
	return steady
}

func (a *App) warnClosing(err error) { a.logger.Warn("close a receiver", "error", err) }

func printOfReceiver(c *config.Config, r *config.Receiver) fingerprint {
	return printOf(c, r, r.ID, r.Kind, r.Region)
}

// exchanged are the receivers that a reload opened, before it is sure that it comes into force.
type exchanged map[*lasting]*leasedReceiver

// prepare opens the receivers about which something changed, as far as a reload may replace them: see [config.ReceiverStays].
func (c *changes) prepare(a *App, next *config.Config) (exchanged, error) {
	if c == nil {
		return nil, nil
	}
	opened := exchanged{}
	var wrong error
	for i := range next.Receivers {
		configured := &next.Receivers[i]
		l, print := c.lasting[configured.ID], printOfReceiver(next, configured)
		if l == nil || !config.ReceiverStays(a.config, next, configured.ID) || l.now.Load().print == print {
			continue
		}
		receiver, err := openReceiver(next, i, a.outboundOf(next), a.sight.wiring)
		if err != nil || receiver == nil {
			wrong = errors.Join(wrong, err)
			continue
		}
		watched := a.sight.receivers(receivers{receiver.ID: receiver})[receiver.ID]
		opened[l] = newLeasedReceiver(watched, print, a.warnClosing)
	}
	if wrong != nil {
		return nil, errors.Join(wrong, opened.drop())
	}
	return opened, nil
}

// apply puts them in the place of those before, which are closed when their last notice is through.
func (e exchanged) apply() {
	for l, next := range e {
		l.now.Swap(next).leave()
	}
}

// drop closes what does not come into force.
func (e exchanged) drop() error {
	for _, next := range e {
		next.leave()
	}
	return nil
}
