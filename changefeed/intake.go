package changefeed

import (
	"context"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
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

// Intake takes in reports. It is safe for concurrent use, also by several gateways on one ledger; all members but Observe and Trace must be
// set, and none may change.
type Intake struct {
	Book       *Book
	Announcers Announcers
	Recorder   exchange.Recorder
	Clock      func() time.Time
	Gateway    string                                  // this gateway's id in the lists of gateways that a report passed
	Random     func(limit time.Duration) time.Duration // evenly from 0 to below limit
	Observe    func(outcome string)                    // nil: nobody counts
	// Trace follows the taking in of a report for distributed traces; nil: nobody does. traceparent goes with the change, so that its
	// deliveries can refer to it.
	Trace func(ctx context.Context, reporter string) (_ context.Context, traceparent string, end func(outcome string, err error))
	turns turns
}

// Report takes a report in. It returns when the report and the record of its outcome are durable; every [Acceptance] and every
// [*exchange.Error] but those of the store was recorded before. The same report again has no other effect than being recorded,
// also after a restart and after an error of the store.
//
// Errors: InvalidRequest, also for an id that a recent report with other content bears; PolicyRefused and PolicyUnavailable from the [Announcers]; Overloaded and RecordNotDurable when the
// reporter is to send the same report again.
func (i *Intake) Report(ctx context.Context, report *exchange.Report) (acceptance Acceptance, err error) {
	r := *report
	if i.Trace != nil {
		var end func(string, error)
		ctx, r.Trace, end = i.Trace(ctx, r.Reporter)
		defer func() { end(string(acceptance.Outcome), err) }()
	}
	if r.Learned.IsZero() {
		r.Learned = i.Clock().UTC()
	}
	acceptance, err = i.take(ctx, &r)
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
