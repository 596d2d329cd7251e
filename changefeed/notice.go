package changefeed

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// compose shapes the notice as policy says.
func (l *lane) compose(ctx context.Context, change, newest *Known, events []exchange.Event) (exchange.Notice, exchange.Decision, error) {
	state, now := newest.State, l.cfg.Clock()
	decision, err := l.cfg.Decider.Decide(ctx, exchange.DecisionRequest{
		Now: now, Operation: exchange.ChangeDelivery, Platform: l.endpoint.Platform, Region: state.Region, Purpose: l.endpoint.Purpose,
		Wanted: wanted(&state.Stands), SubjectAge: newest.Subject.IDNumber.BirthDate().FullYears(exchange.Today(now)),
		FileNumber: newest.Subject.FileNumber != "",
	})
	if err != nil {
		return exchange.Notice{}, decision, exchange.Errorf(exchange.PolicyUnavailable, "decide what %s may be told: %w", l.endpoint.Platform, err)
	}
	notice := exchange.Notice{
		Licence: state.Licence, Subject: newest.Subject, Region: state.Region, Version: state.Version, Happened: state.Change.Happened,
		Origin: change.State.Change.Origin, Via: append(slices.Clone(change.State.Change.Via), l.cfg.Gateway), Purpose: l.endpoint.Purpose,
	}
	if decision.Allow {
		notice.Fields, notice.Events = state.Disclose(&decision, events, now)
	}
	return notice, decision, nil
}

func wanted(f *exchange.Facts) []exchange.Field {
	var fields []exchange.Field
	for _, aspect := range f.Said() {
		fields = append(fields, aspect.Fields()...)
	}
	return fields
}

// apply hands the notice to the receiver, which reads foreign bytes: its panic is a failure like any other.
func (l *lane) apply(ctx context.Context, notice exchange.Notice) (err error) {
	ctx, cancel := context.WithTimeout(ctx, l.endpoint.timeout())
	defer cancel()
	defer func() {
		if fault := recover(); fault != nil { // its value may quote foreign bytes
			l.cfg.Logger.ErrorContext(ctx, "receiver panicked", slog.String("platform", l.endpoint.Platform), slog.String("stack", string(debug.Stack())))
			err = exchange.Errorf(exchange.Internal, "the receiver of %s panicked", l.endpoint.Platform)
		}
	}()
	if err := l.endpoint.Receiver.Apply(ctx, notice); err != nil {
		return fmt.Errorf("tell %s: %w", l.endpoint.Platform, err)
	}
	return nil
}
