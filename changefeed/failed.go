package changefeed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// failed decides what becomes of an entry that was not told: again later, parked, or the endpoint is off. Troubles of our own are no
// reason to give a platform up; an entry that can't be read may be parked, since nobody else will mend it.
func (l *lane) failed(ctx context.Context, held *journal.Delivery, failure error, switched <-chan struct{}) error {
	code := exchange.CodeOf(failure)
	_, theirs := errors.AsType[notTaken](failure)
	own := !theirs && !errors.Is(failure, ErrUnreadable)
	if !own {
		l.logFailure(ctx, held, failure)
	}
	l.trouble.history = lately(l.trouble.history, Failure{l.cfg.Clock().UTC(), code})
	l.cfg.observe(l.endpoint.Platform, string(code))
	verdict, again := judge(failure), l.cfg.Patience.wait(l.trouble.attempts, advice(failure), l.cfg.Random)
	if own {
		l.ownTrouble(ctx, failure)
		return l.later(ctx, held, again, switched)
	}
	switch {
	case verdict == endpointGone:
		return l.giveUp(ctx, held, "the endpoint is gone (410)")
	case verdict == refusedForGood || l.othersGoThrough():
		return l.park(ctx, held, code)
	case theirs && l.tooLong(held):
		return l.giveUp(ctx, held, fmt.Sprintf("nothing taken for %s, lastly %s", l.cfg.Patience.MaxAge, code))
	}
	return l.later(ctx, held, again, switched)
}

func advice(failure error) time.Duration {
	if known, ok := errors.AsType[*exchange.Error](failure); ok {
		return known.RetryAfter
	}
	return 0
}

// othersGoThrough reports whether it is this entry that the platform can't take: it has failed for long, and others were taken since.
func (l *lane) othersGoThrough() bool {
	health, _ := l.endpoint.health.now()
	return l.cfg.Clock().Sub(l.trouble.since) >= l.cfg.Patience.ParkAfter && health.LastSuccess.After(l.trouble.since)
}

// tooLong reports whether the platform has taken nothing for the whole of MaxAge, though there was something to take.
func (l *lane) tooLong(held *journal.Delivery) bool {
	health, _ := l.endpoint.health.now()
	since := held.StoredAt
	for _, sign := range []time.Time{health.LastSuccess, health.Since} {
		if sign.After(since) {
			since = sign
		}
	}
	return l.cfg.Clock().Sub(since) >= l.cfg.Patience.MaxAge
}

// giveUp switches the endpoint off. The entry stays with the cursor.
func (l *lane) giveUp(ctx context.Context, held *journal.Delivery, reason string) error {
	return errors.Join(l.cfg.switchOff(ctx, l.endpoint, reason), held.Retry(ctx, 0))
}

// switchOff is the gateway's own doing, and ops must know.
func (c *Config) switchOff(ctx context.Context, e *endpoint, reason string) error {
	turned, err := e.health.turn(ctx, true, Action{Reason: reason})
	if turned {
		c.Logger.ErrorContext(ctx, "endpoint switched off", "platform", e.Platform, "reason", reason)
		if c.Alert != nil {
			c.Alert(e.Platform, reason)
		}
	}
	return err
}

// park keeps the delivery for an operator, then lets the entry go.
func (l *lane) park(ctx context.Context, held *journal.Delivery, code exchange.Code) error {
	known, err := l.cfg.Book.Open(&held.Entry)
	parked := Parked{
		Platform: l.endpoint.Platform, Licence: held.Key, Revision: held.Revision, Reason: code, Since: l.cfg.Clock().UTC(),
		Attempts: l.trouble.attempts, History: l.trouble.history,
	}
	if err == nil {
		parked.Version = known.State.Version
	} else { // unreadable: the revision still names it
		parked.Version = uint64(held.Revision)
	}
	if err := l.cfg.Parking.park(ctx, parked); err != nil {
		return errors.Join(err, held.Retry(ctx, openAgain))
	}
	if _, err := durable(ctx, l.cfg.Recorder, l.cfg.parkedRecord(&parked, l.endpoint.Purpose)); err != nil {
		return errors.Join(err, held.Retry(ctx, openAgain))
	}
	l.cfg.observe(l.endpoint.Platform, OutcomeParked)
	return held.Done(ctx)
}
