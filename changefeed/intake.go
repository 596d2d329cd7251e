package changefeed

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Announcement is what a party wants to say something of.
type Announcement struct {
	Reporter string // platform or source id, as authenticated
	Region   exchange.Region
	Aspects  []exchange.Aspect
	Now      time.Time
}

// Announcers says who may announce what.
type Announcers interface {
	// Rank gives the rank of the reporter's word on all of the aspects of licences kept in the region. Who may not say so gets
	// an [*exchange.Error] PolicyRefused with reasons.
	Rank(ctx context.Context, a Announcement) (exchange.Rank, error)
}

// Acceptance is what a reporter is told.
type Acceptance struct {
	Outcome exchange.ReportOutcome
	Version uint64           // of what stands now, 0 if nothing is known
	Receipt exchange.Receipt // where the outcome was recorded
}

// Intake takes in reports. It is safe for concurrent use, also by several gateways on one ledger; all members but Observe must be
// set, and none may change.
type Intake struct {
	Book       *Book
	Announcers Announcers
	Recorder   exchange.Recorder
	Clock      func() time.Time
	Gateway    string                                  // this gateway's id in the lists of gateways that a report passed
	Random     func(limit time.Duration) time.Duration // evenly from 0 to below limit
	Observe    func(outcome string)                    // nil: nobody counts
	turns      turns
}

// Report takes a report in. It returns when the report and the record of its outcome are durable; every [Acceptance] and every
// [*exchange.Error] but those of the store was recorded before. The same report again has no other effect than being recorded,
// also after a restart and after an error of the store.
//
// Errors: InvalidRequest, PolicyRefused and PolicyUnavailable from the [Announcers]; Overloaded and RecordNotDurable when the
// reporter is to send the same report again.
func (i *Intake) Report(ctx context.Context, report *exchange.Report) (Acceptance, error) {
	r := *report
	if r.Learned.IsZero() {
		r.Learned = i.Clock().UTC()
	}
	acceptance, err := i.take(ctx, &r)
	if err != nil {
		return Acceptance{}, i.conclude(ctx, &r, err)
	}
	acceptance.Receipt, err = i.record(ctx, &r, string(acceptance.Outcome))
	if err != nil {
		return Acceptance{}, err
	}
	return acceptance, nil
}

func (i *Intake) take(ctx context.Context, r *exchange.Report) (Acceptance, error) {
	if err := check(r); err != nil {
		return Acceptance{}, err
	}
	rank, err := i.Announcers.Rank(ctx, Announcement{r.Reporter, r.Region, r.Facts.Said(), r.Learned})
	if err != nil {
		return Acceptance{}, undecided(err)
	}
	r.Rank = rank
	leave, err := i.turns.enter(ctx, r.Licence)
	if err != nil {
		return Acceptance{}, unavailable(err)
	}
	defer leave()
	if slices.Contains(r.Via, i.Gateway) {
		return i.seenBefore(ctx, r)
	}
	return i.settle(ctx, r)
}

// seenBefore is for a report that went round: this gateway passed it on itself.
func (i *Intake) seenBefore(ctx context.Context, r *exchange.Report) (Acceptance, error) {
	known, err := i.Book.Last(ctx, r.Licence)
	if err != nil {
		return Acceptance{}, unavailable(err)
	}
	return accepted(exchange.ReportDuplicate, known.State), nil
}

// attempts bounds how often a report is put to a state that others keep changing. Reports of one licence queue within this
// process, so each attempt after the first was lost to another gateway.
const attempts = 10

func (i *Intake) settle(ctx context.Context, r *exchange.Report) (Acceptance, error) {
	var err error
	for attempt := range attempts {
		if err := i.pause(ctx, attempt); err != nil {
			return Acceptance{}, unavailable(err)
		}
		var acceptance Acceptance
		if acceptance, err = i.attempt(ctx, r); !errors.Is(err, journal.ErrConflict) {
			return acceptance, unavailable(err)
		}
	}
	return Acceptance{}, &exchange.Error{Code: exchange.Overloaded, RetryAfter: time.Second, Err: err}
}

// attempt puts the report to what is known now. Its error is the ledger's.
func (i *Intake) attempt(ctx context.Context, r *exchange.Report) (Acceptance, error) {
	known, err := i.Book.Last(ctx, r.Licence)
	if err != nil {
		return Acceptance{}, err
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

func (i *Intake) pause(ctx context.Context, attempt int) error {
	if attempt == 0 {
		return nil
	}
	timer := time.NewTimer(i.Random(firstPause << attempt))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
