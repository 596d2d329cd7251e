package changefeed

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// RetellOrder is an operator's order to tell a platform again what stands, licence by licence, whatever it was told before.
type RetellOrder struct {
	Platform  string
	Licences  iter.Seq[string] // keys
	Total     int              // how many these are
	By        Action
	PerSecond float64        // tries per second at most; 0: 10
	Progress  func(Progress) // called after each try; nil: nobody looks
}

// Retell tells a platform what is known of the licences now, as if it had never been told of them. A failure stays without another
// try; too many of them pause the order as they do a replay. Errors: NotFound, InvalidRequest, SourceDown if the endpoint is off,
// [ErrReplayPaused], the journal's; with each, Progress says how far it came.
func (d *Dispatcher) Retell(ctx context.Context, order RetellOrder) (Progress, error) {
	progress := Progress{Total: order.Total}
	e, err := d.endpoint(order.Platform)
	if err = errors.Join(err, order.By.check()); err != nil {
		return progress, err
	}
	gap := gapOf(order.PerSecond)
	for licence := range order.Licences {
		if progress.Done > 0 {
			pause(ctx, gap)
		}
		if err := d.retellOne(ctx, e, licence, order.By, &progress); err != nil {
			return progress, err
		}
		if progress.step(order.Progress); progress.Paused {
			return progress, ErrReplayPaused
		}
	}
	return progress, nil
}

// gapOf is the time between two tries.
func gapOf(perSecond float64) time.Duration {
	if perSecond <= 0 {
		perSecond = defaultPerSecond
	}
	return time.Duration(float64(time.Second) / perSecond)
}

// retellOne tells of one licence and records what came of it. Its error is a trouble of our own, or that the endpoint is off.
func (d *Dispatcher) retellOne(ctx context.Context, e *endpoint, licence string, by Action, progress *Progress) error {
	outcome, failure := d.tellAll(ctx, e, licence)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if _, theirs := errors.AsType[notTaken](failure); failure != nil && !theirs && !errors.Is(failure, ErrUnreadable) {
		return failure
	}
	switch {
	case failure != nil:
		progress.Failed, outcome = progress.Failed+1, string(exchange.CodeOf(failure))
	case outcome == OutcomeInvisible:
		progress.Invisible++
	default:
		progress.Delivered++
	}
	return d.cfg.recordAction(ctx, changeRepair, &Parked{Platform: e.Platform, Licence: licence}, by, outcome)
}

// tellAll tells of everything that stands. It takes the lane that the licence's changes go through.
func (d *Dispatcher) tellAll(ctx context.Context, e *endpoint, licence string) (string, error) {
	if err := e.mustBeOn(ctx); err != nil {
		return "", err
	}
	known, err := d.cfg.Book.Last(ctx, licence)
	if err != nil {
		return "", err
	}
	if known.State == nil {
		return OutcomeInvisible, nil
	}
	state := *known.State
	state.Change.Events = exchange.Events(&exchange.Facts{}, &state.Stands)
	known.State = &state
	lane := e.lanes[known.partition]
	leave, err := e.telling.enter(ctx, known.State.Licence)
	if err != nil {
		return "", err
	}
	defer leave()
	outcome, _, err := lane.tell(ctx, &known, true)
	return outcome, err
}

// mustBeOn refuses with SourceDown while the endpoint is switched off.
func (e *endpoint) mustBeOn(ctx context.Context) error {
	if err := e.health.load(ctx); err != nil {
		return err
	}
	if health, _ := e.health.now(); health.Off {
		return &exchange.Error{Code: exchange.SourceDown, Source: e.Platform, Err: fmt.Errorf("%s is switched off", e.Platform)}
	}
	return nil
}

const changeRepair exchange.Operation = "changes.repair"
