package changefeed

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// attempts bounds how often a report is put to a state that others keep changing. Reports of one licence queue within this
// process, so each attempt after the first was lost to another gateway.
const attempts = 10

func (i *Intake) settle(ctx context.Context, r *exchange.Report) (Acceptance, error) {
	var err error
	for attempt := range attempts {
		if attempt > 0 {
			pause(ctx, i.Random(firstPause<<attempt))
		}
		var acceptance Acceptance
		acceptance, err = i.attempt(ctx, r)
		if refusal, ok := errors.AsType[*exchange.Error](err); ok {
			return Acceptance{}, refusal
		}
		if !errors.Is(err, journal.ErrConflict) {
			return acceptance, unavailable(err)
		}
	}
	return Acceptance{}, &exchange.Error{Code: exchange.Overloaded, RetryAfter: time.Second, Err: err}
}

// attempt puts the report to what is known now. Its error is the ledger's, or InvalidRequest for an id that was used before.
func (i *Intake) attempt(ctx context.Context, r *exchange.Report) (Acceptance, error) {
	known, err := i.Book.Last(ctx, r.Licence)
	if err != nil {
		return Acceptance{}, err
	}
	if known.State.ReusesID(r) {
		return Acceptance{}, idUsed()
	}
	state, outcome := known.State.Apply(r)
	if state == known.State {
		return accepted(outcome, state), nil
	}
	next := Known{State: state, Subject: completed(r.Subject, known.Subject), Outcome: outcome}
	err = i.Book.put(ctx, &next, known.Revision)
	if errors.Is(err, journal.ErrUncertain) && i.landed(ctx, r) {
		err = nil
	}
	return accepted(outcome, state), err
}

// idUsed tells a reporter that gave two reports one id: the second one was not taken.
func idUsed() error {
	return &exchange.Error{Code: exchange.InvalidRequest, Pointers: []exchange.Pointer{{Pointer: "/reportId", Code: "report-id-used", Text: exchange.Text{
		ZH: "此 reportId 已用于内容不同的另一报告，本报告未采用；请换用新的 reportId 再报。",
		EN: "Another report with other content bears this reportId; this one was not taken. Report it under a new reportId.",
	}}}}
}

// landed reports whether the report is in the book after all, though the write was not answered.
func (i *Intake) landed(ctx context.Context, r *exchange.Report) bool {
	known, err := i.Book.Last(ctx, r.Licence)
	return err == nil && known.State != nil && slices.Contains(known.State.Says[r.Reporter].Recent, r.ID)
}

func accepted(outcome exchange.ReportOutcome, state *exchange.LicenceState) Acceptance {
	if state == nil {
		return Acceptance{Outcome: outcome}
	}
	return Acceptance{Outcome: outcome, Version: state.Version}
}

// firstPause doubles with each attempt, with full jitter, so that gateways that collided once do not collide again.
const firstPause = time.Millisecond
