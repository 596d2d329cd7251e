package changefeed

import (
	"context"
	"errors"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// ReplayOrder is an operator's order to tell again what was refused.
type ReplayOrder struct {
	Token     string // of a [Preview]
	By        Action
	PerSecond float64        // tries per second at most; 0: 10
	Progress  func(Progress) // called after each try; nil: nobody looks
}

// Progress says how far an order has come.
type Progress struct {
	Total     int // deliveries of the token that waited when the order began
	Done      int // the sum of those below
	Delivered int
	Invisible int // policy lets the platform see none of it any more
	Skipped   int // by order
	Failed    int // refused or failed again: it waits on, for another preview
	Elsewhere int // decided by somebody else meanwhile
	Paused    bool
}

// ErrReplayPaused says that a replay stopped since too much failed. The same token goes on with what was not tried.
var ErrReplayPaused = errors.New("the replay has paused itself: too much fails")

const (
	defaultPerSecond = 10

	// A replay pauses when 5 % of what it tried has failed, counted as if it had tried at least 40: one failure is no sign yet.
	pauseShare = 20
	pauseFloor = 40
)

// Replay tells the platforms of the token's deliveries, in the order of the changes: each time of what is known of the licence now,
// so that no version goes back. Errors: InvalidRequest, [ErrReplayPaused], the journal's; with each, Progress says how far it came.
func (d *Dispatcher) Replay(ctx context.Context, order ReplayOrder) (Progress, error) {
	gap := gapOf(order.PerSecond)
	return d.each(ctx, order, func(p *Parked, progress *Progress) error {
		if progress.Done > 0 {
			pause(ctx, gap)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		return d.replayOne(ctx, p, order.By, progress)
	})
}

// Skip decides that the token's deliveries are not needed any more.
func (d *Dispatcher) Skip(ctx context.Context, token string, by Action) (Progress, error) {
	return d.each(ctx, ReplayOrder{Token: token, By: by}, func(p *Parked, progress *Progress) error {
		if err := d.cfg.Parking.decide(ctx, p, Skipped, by); err != nil {
			return err
		}
		progress.Skipped++
		return d.cfg.recordAction(ctx, changeSkip, p, by, string(Skipped))
	})
}

// each does something to every delivery of an order that still waits.
func (d *Dispatcher) each(ctx context.Context, order ReplayOrder, do func(*Parked, *Progress) error) (Progress, error) {
	var progress Progress
	if err := order.By.check(); err != nil {
		return progress, err
	}
	frozen, places, err := d.cfg.Parking.thaw(ctx, order.Token)
	if err != nil {
		return progress, err
	}
	progress.Total = len(places)
	for _, at := range places {
		parked, err := frozen.take(ctx, d.cfg.Parking, at)
		if err == nil {
			err = do(&parked, &progress)
		}
		if errors.Is(err, ErrNotWaiting) {
			progress.Elsewhere, err = progress.Elsewhere+1, nil
		}
		if err != nil {
			return progress, err
		}
		if progress.step(order.Progress); progress.Paused {
			return progress, ErrReplayPaused
		}
	}
	return progress, nil
}

func (p *Progress) step(show func(Progress)) {
	p.Done++
	p.Paused = p.Failed*pauseShare >= max(p.Done, pauseFloor)
	if show != nil {
		show(*p)
	}
}

// replayOne tells of one delivery and keeps what came of it. Its error is a trouble of our own, or that the endpoint is off.
func (d *Dispatcher) replayOne(ctx context.Context, p *Parked, by Action, progress *Progress) error {
	outcome, failure := d.tellAgain(ctx, p)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if _, theirs := errors.AsType[notTaken](failure); failure != nil && !theirs && !errors.Is(failure, ErrUnreadable) {
		return failure
	}
	if failure != nil {
		progress.Failed++
		code := exchange.CodeOf(failure)
		again := *p
		again.Reason, again.Attempts, again.History = code, 1, []Failure{{d.cfg.Clock().UTC(), code}}
		return errors.Join(d.cfg.Parking.park(ctx, again), d.cfg.recordAction(ctx, changeReplay, p, by, string(code)))
	}
	if outcome == OutcomeInvisible {
		progress.Invisible++
	} else {
		progress.Delivered++
	}
	return errors.Join(d.cfg.Parking.decide(ctx, p, Replayed, by), d.cfg.recordAction(ctx, changeReplay, p, by, outcome))
}

// tellAgain takes the lane that the licence's changes go through, and its turn, so that no two notices of one licence are under way.
func (d *Dispatcher) tellAgain(ctx context.Context, p *Parked) (string, error) {
	e, err := d.endpoint(p.Platform)
	if err != nil {
		return "", err
	}
	if err := e.mustBeOn(ctx); err != nil {
		return "", err
	}
	known, err := d.cfg.Book.Read(ctx, p.Revision)
	if err != nil {
		return "", err
	}
	lane := e.lanes[known.partition]
	leave, err := e.telling.enter(ctx, known.State.Licence)
	if err != nil {
		return "", err
	}
	defer leave()
	outcome, _, err := lane.tell(ctx, &known, true)
	return outcome, err
}
