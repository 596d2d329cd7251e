package exchange

import (
	"context"
	"errors"
	"time"
)

// consult asks the route's sources in order until one gives a usable answer. Only a failure of the source itself moves on to
// the next: what an authority says about the person (no record, mismatch, not archived) stands. If nobody answers, the first
// source's failure is told, also where a later source has no record: that must not look like "no licence".
func (b *Broker) consult(ctx context.Context, sources []*Source, i inquiry) error {
	var first error
	for n, source := range sources {
		err := b.ask(ctx, source, len(sources)-n, i)
		if err == nil {
			i.answer.Provenance.Fallback = n > 0
			return nil
		}
		if CodeOf(err) == NoRecord && first != nil {
			return first // the copy doesn't have it; the one that would know could not be asked
		}
		if !movesOn(err) {
			return err
		}
		if first == nil {
			first = err
		}
		if ctx.Err() != nil {
			break
		}
	}
	return first
}

// inquiry is what is carried from source to source: the question, what may be shown of its answer, and the answer and the
// record as far as they are made.
type inquiry struct {
	query    *Query
	request  SourceRequest
	decision *Decision
	answer   *Answer
	record   *Record
	study    StudyJudge
}

// movesOn reports whether another source may know better.
func movesOn(err error) bool {
	switch CodeOf(err) {
	case SourceDown, SourceTimeout, SourceInvalid, SourceRefused, TransferInterrupted, Overloaded, TooOld:
		return true
	}
	return false
}

// ask puts the question to one source, which gets an equal share of the time that is left.
func (b *Broker) ask(ctx context.Context, source *Source, left int, i inquiry) error {
	start := b.Clock()
	ctx, cancel := share(ctx, left)
	defer cancel()
	asOf, err := i.read(ctx, source)
	if err == nil {
		err = i.answer.stamp(source, asOf, i.decision, b.Clock())
	}
	err = named(timedOut(ctx, err), source.ID)
	b.attempted(ctx, i.record, Attempt{source.ID, outcome(err), b.Clock().Sub(start).Microseconds()})
	return err
}

// named adds the source's id to a copy of its error, which may be shared with other callers.
func named(err error, source string) error {
	if err == nil {
		return nil
	}
	failure := asError(err)
	if failure.Source == "" {
		failure.Source = source
	}
	return &failure
}

// share leaves the last source all the time there is: what ends the query ends it too.
func share(ctx context.Context, left int) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok || left <= 1 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, time.Until(deadline)/time.Duration(left))
}

// timedOut gives a failure its right name when it was the deadline that caused it.
func timedOut(ctx context.Context, err error) error {
	if err == nil || !errors.Is(ctx.Err(), context.DeadlineExceeded) || CodeOf(err) == SourceTimeout {
		return err
	}
	if code := CodeOf(err); code == Internal || movesOn(err) && code != TooOld {
		return &Error{Code: SourceTimeout, RetryAfter: time.Second, Err: err}
	}
	return err
}
