package changefeed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// failed decides what becomes of an item that was not told: again later, parked, or the endpoint is off. Troubles of our own are no
// reason to give a platform up; an entry that can't be read may be parked, since nobody else will mend it.
func (s *stint) failed(ctx context.Context, r *result, it *item, failure error, switched <-chan struct{}) {
	code, trouble := exchange.CodeOf(failure), &r.way.trouble
	_, theirs := errors.AsType[notTaken](failure)
	own := !theirs && !errors.Is(failure, ErrUnreadable)
	if own {
		s.ownTrouble(ctx, failure)
	} else {
		s.logFailure(ctx, it, trouble, failure)
	}
	trouble.history = lately(trouble.history, Failure{s.cfg.Clock().UTC(), code})
	s.cfg.observe(s.endpoint.Platform, string(code))
	r.fate, r.advice = failed, advice(failure)
	r.wait = s.cfg.Patience.wait(trouble.attempts, r.advice, s.cfg.Random)
	select {
	case <-switched:
		r.wait, r.void = 0, true
	default:
	}
	verdict := judge(failure)
	switch {
	case own:
	case verdict == endpointGone:
		s.giveUp(ctx, "the endpoint is gone (410)")
	case verdict == refusedForGood || s.othersGoThrough(trouble):
		s.park(ctx, r, it, code)
	case theirs && s.tooLong(it):
		s.giveUp(ctx, fmt.Sprintf("nothing taken for %s, lastly %s", s.cfg.Patience.MaxAge, code))
	}
}

func advice(failure error) time.Duration {
	if known, ok := errors.AsType[*exchange.Error](failure); ok {
		return known.RetryAfter
	}
	return 0
}

// othersGoThrough reports whether it is this entry that the platform can't take: it has failed for long, and others were taken since.
func (l *lane) othersGoThrough(t *trouble) bool {
	return l.cfg.Clock().Sub(t.since) >= l.cfg.Patience.ParkAfter && l.takenSince(t.since)
}

func (l *lane) takenSince(at time.Time) bool {
	health, _ := l.endpoint.health.now()
	return health.LastSuccess.After(at)
}

// tooLong reports whether the platform has taken nothing for the whole of MaxAge, though there was something to take.
func (l *lane) tooLong(it *item) bool {
	health, _ := l.endpoint.health.now()
	since := it.entry.StoredAt
	for _, sign := range []time.Time{health.LastSuccess, health.Since} {
		if sign.After(since) {
			since = sign
		}
	}
	return l.cfg.Clock().Sub(since) >= l.cfg.Patience.MaxAge
}

// giveUp switches the endpoint off. The entry stays with the cursor.
func (l *lane) giveUp(ctx context.Context, reason string) {
	if err := l.cfg.switchOff(ctx, l.endpoint, reason); err != nil { // the next failure says so again
		l.ownTrouble(ctx, err)
	}
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

// park keeps the delivery for an operator, then lets the entry go. Where that fails, the entry is tried once more.
func (s *stint) park(ctx context.Context, r *result, it *item, code exchange.Code) {
	parked := Parked{
		Platform: s.endpoint.Platform, Licence: it.entry.Key, Version: s.versionOf(ctx, it), Revision: it.entry.Revision, Reason: code,
		Since: s.cfg.Clock().UTC(), Attempts: r.way.trouble.attempts, History: r.way.trouble.history,
	}
	err := s.cfg.Parking.park(ctx, parked)
	if err == nil {
		_, err = durable(ctx, s.cfg.Recorder, s.cfg.parkedRecord(&parked, s.endpoint.Purpose))
	}
	if err != nil {
		s.ownTrouble(ctx, err)
		r.wait = openAgain
		return
	}
	s.cfg.observe(s.endpoint.Platform, OutcomeParked)
	r.fate, r.alive = settled, true
}

// versionOf gives an entry's version; one that can't be read is named by its revision.
func (l *lane) versionOf(ctx context.Context, it *item) uint64 {
	known, err := l.readItem(ctx, it)
	if err != nil {
		return uint64(it.entry.Revision)
	}
	return known.State.Version
}

// logFailure tells ops of an entry that is not taken, once for each code that it fails with and not for each attempt. The text of what is
// no [exchange.Error] may quote foreign bytes; its type must do.
func (l *lane) logFailure(ctx context.Context, it *item, t *trouble, failure error) {
	code, history := exchange.CodeOf(failure), t.history
	if len(history) > 0 && history[len(history)-1].Code == code {
		return
	}
	cause := slog.Any("error", failure)
	if _, known := errors.AsType[*exchange.Error](failure); !known {
		cause = slog.String("errorType", fmt.Sprintf("%T", innermost(failure)))
	}
	l.cfg.Logger.WarnContext(ctx, "a delivery failed", slog.String("platform", l.endpoint.Platform), slog.String("code", string(code)),
		slog.String("licence", it.entry.Key), slog.Uint64("revision", uint64(it.entry.Revision)), slog.Int("attempt", t.attempts), cause)
}

func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
