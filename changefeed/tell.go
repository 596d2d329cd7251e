package changefeed

import (
	"context"
	"log/slog"
	"slices"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// tellItem tells the platform of an entry, or finds that there is nothing to tell. newest: nothing newer is known of the licence.
func (l *lane) tellItem(ctx context.Context, it *item, newest bool) (outcome string, err error) {
	known, err := l.readItem(ctx, it)
	if err != nil {
		return "", err
	}
	leave, err := l.endpoint.telling.enter(ctx, it.entry.Key)
	if err != nil {
		return "", err
	}
	defer leave()
	switch {
	case known.Outcome != exchange.ReportAccepted:
		return OutcomeNothing, nil
	case l.isAhead(known.State):
		return OutcomeOvertaken, nil
	case l.endpoint.echoes(&known.State.Change):
		return OutcomeEcho, nil
	}
	outcome, told, err := l.tell(ctx, known, !newest && !l.endpoint.EveryVersion)
	if told > known.State.Version {
		l.noting.Lock()
		defer l.noting.Unlock()
		l.ahead[known.State.Licence] = told
	}
	return outcome, err
}

// isAhead reports whether the platform was told a newer version before this entry came. The note is dropped when it has served.
func (l *lane) isAhead(state *exchange.LicenceState) bool {
	l.noting.Lock()
	defer l.noting.Unlock()
	told, noted := l.ahead[state.Licence]
	if noted && state.Version >= told {
		delete(l.ahead, state.Licence)
	}
	return noted && state.Version <= told
}

// tell tells the platform of a change, with all that came after it if overtaking is allowed, and gives the version that it was told
// of. The licence's turn of telling is held. Only an error that is a notTaken is the platform's.
func (l *lane) tell(ctx context.Context, change *Known, overtaking bool) (outcome string, told uint64, err error) {
	if l.cfg.Trace != nil {
		traced, end := l.cfg.Trace(ctx, l.endpoint.Platform, change.State.Change.Trace)
		ctx = traced
		defer func() { end(traceOutcome(outcome, err), err != nil) }()
	}
	newest, events := change, change.State.Change.Events
	if overtaking {
		if newest, events, err = l.newest(ctx, change); err != nil {
			return "", 0, err
		}
	}
	notice, decision, err := l.compose(ctx, change, newest, events)
	if err != nil {
		return "", 0, err
	}
	if len(notice.Events) == 0 {
		return OutcomeInvisible, 0, nil
	}
	if err := l.apply(ctx, notice); err != nil {
		return "", 0, notTaken{err}
	}
	if _, err := durable(ctx, l.cfg.Recorder, l.cfg.deliveryRecord(l.endpoint, change, &notice, &decision)); err != nil {
		return "", 0, err
	}
	if err := l.endpoint.health.succeeded(ctx); err != nil { // the next success writes it down
		l.cfg.Logger.WarnContext(ctx, "health of endpoint", slog.String("platform", l.endpoint.Platform), slog.Any("error", err))
	}
	return OutcomeDelivered, notice.Version, nil
}

// traceOutcome names how the telling ended: by its outcome, or the code of its failure.
func traceOutcome(outcome string, err error) string {
	if err != nil {
		return string(exchange.CodeOf(err))
	}
	return outcome
}

// notTaken marks an error as the platform's word, apart from troubles of our own.
type notTaken struct{ error }

func (n notTaken) Unwrap() error { return n.error }

// newest gives what is known of the licence now, and all that happened from the change on.
func (l *lane) newest(ctx context.Context, change *Known) (*Known, []exchange.Event, error) {
	newest, err := l.cfg.Book.newest(ctx, change)
	if err != nil {
		return nil, nil, err
	}
	if newest.State.Version <= change.State.Version {
		return change, change.State.Change.Events, nil
	}
	return newest, happened(change, newest), nil
}

// happened gives the change's events and those that lead from it to what stands in newest.
func happened(change, newest *Known) []exchange.Event {
	events := slices.Clone(change.State.Change.Events)
	for _, event := range exchange.Events(&change.State.Stands, &newest.State.Stands) {
		if !slices.Contains(events, event) {
			events = append(events, event)
		}
	}
	return events
}
