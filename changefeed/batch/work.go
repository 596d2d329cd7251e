package batch

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// work is one kind of work, of one partition if it is telling. It has a place of its own.
type work struct {
	*Driver
	kind Work
	key  string // of the place
	due  func(*place) time.Time
	do   func(ctx context.Context, h *hold, due time.Time) error

	failures int       // in a row
	since    time.Time // when the first of them was

	mu      sync.Mutex
	reached time.Time
}

// lookAgain is how often a place is read while there is nothing to do: another gateway may do the work, an operator may switch the
// platform on.
const lookAgain = time.Minute

func (w *work) run(ctx context.Context) {
	for ctx.Err() == nil {
		wait, err := w.step(ctx)
		if err != nil && ctx.Err() == nil {
			w.cfg.Logger.ErrorContext(ctx, "front-end database", slog.String("platform", w.cfg.Platform), slog.String("work", w.key), slog.Any("error", err))
		}
		pause(ctx, wait)
	}
}

// step does what is due and gives the time until the next look.
func (w *work) step(ctx context.Context) (time.Duration, error) {
	wait, err := w.look(ctx)
	switch {
	case err == nil:
		w.failures = 0
		return wait, nil
	case errors.Is(err, errTaken):
		return lookAgain, nil
	case ctx.Err() != nil:
		return 0, err
	}
	w.cfg.Observer.Work(w.cfg.Platform, w.kind, exchange.CodeOf(err))
	return w.failed(ctx, err)
}

// look finds out whether something is due, and does it.
func (w *work) look(ctx context.Context) (time.Duration, error) {
	if wait, err := w.idle(ctx); err != nil || wait > 0 {
		return wait, err
	}
	select {
	case w.slots <- struct{}{}:
		defer func() { <-w.slots }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	at, revision, err := w.cfg.Places.read(ctx, w.key) // again: the wait for the slot may have been long
	if err != nil {
		return 0, err
	}
	started, due := w.cfg.Clock().UTC(), w.due(&at)
	if started.Before(due) {
		return 0, nil
	}
	h, err := w.cfg.Places.take(ctx, w.key, at, revision)
	if err != nil {
		return 0, err
	}
	if err := w.do(ctx, h, due); err != nil {
		if freed := h.free(context.WithoutCancel(ctx)); !errors.Is(freed, errTaken) {
			err = errors.Join(err, freed)
		}
		return 0, err
	}
	h.Reached = started
	w.note(started)
	w.cfg.Observer.Work(w.cfg.Platform, w.kind, "")
	return 0, h.free(context.WithoutCancel(ctx))
}

// idle gives how long there is nothing to do, 0 if something is due.
func (w *work) idle(ctx context.Context) (time.Duration, error) {
	at, _, err := w.cfg.Places.read(ctx, w.key)
	if err != nil {
		return 0, err
	}
	w.note(at.Reached)
	if w.kind == Telling {
		if on, err := w.cfg.Outlet.IsOn(ctx); err != nil || !on {
			return lookAgain, err
		}
	}
	return min(w.due(&at).Sub(w.cfg.Clock()), lookAgain), nil
}

// failed gives the time until the next attempt. Only the database's own failures count against the platform.
func (w *work) failed(ctx context.Context, failure error) (time.Duration, error) {
	if w.failures++; w.failures == 1 {
		w.since = w.cfg.Clock()
	}
	if _, theirs := errors.AsType[notTaken](failure); theirs && w.kind == Telling {
		wait, err := w.cfg.Outlet.Failed(ctx, failure, w.failures, w.since)
		return wait, errors.Join(failure, err)
	}
	return w.cfg.Random(min(firstWait<<min(w.failures, 20), w.cfg.Every)), failure
}

// firstWait doubles with each failure, with full jitter, up to the time between two looks.
const firstWait = time.Second

// notTaken marks an error as the database's, apart from troubles of our own.
type notTaken struct{ error }

func (n notTaken) Unwrap() error { return n.error }

func (w *work) note(reached time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reached = reached
}

func (w *work) lastReached() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reached
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
