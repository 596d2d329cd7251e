package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

// Run serves until ctx ends, a listener fails or the journal can't keep its promise any more, and then stops everything: first
// the intake, then the sources, the journal last, so that whatever was answered is on disk. When ctx ends readiness fails at
// once, and the intake closes limits.drainDelay later, so that a load balancer has time to notice.
func (a *App) Run(ctx context.Context) error {
	serving, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		cancel(a.watch(ctx, serving))
	}()
	resting := a.work(serving, cancel)
	err := a.server.Serve(serving)
	if failure := a.journal.Err(); failure != nil {
		err = errors.Join(fmt.Errorf("the journal failed: %w", failure), err)
	}
	cancel(nil)
	err = errors.Join(err, resting())
	<-watched
	return errors.Join(err, a.close())
}

// work starts the workers; the failure of one ends the serving. The returned function waits until all have ended and gives the
// failures.
func (a *App) work(serving context.Context, stop context.CancelCauseFunc) (wait func() error) {
	ended := make(chan error, len(a.workers))
	for _, worker := range a.workers {
		go func() {
			err := worker(serving)
			if serving.Err() != nil {
				err = nil // what fails because all is stopping is no failure
			}
			if err != nil {
				stop(err)
			}
			ended <- err
		}()
	}
	return func() (err error) {
		for range a.workers {
			err = errors.Join(err, <-ended)
		}
		return err
	}
}

// watch waits for a reason to stop: ctx ended and the delay is over, or the journal failed. It gives up when serving ends.
func (a *App) watch(ctx, serving context.Context) error {
	var delayed <-chan time.Time
	for asked := ctx.Done(); ; asked = nil {
		select {
		case <-asked:
			a.stopping.Store(true)
			a.stopBy = time.Now().Add(stopTime)
			a.logger.Info("draining", "delay", a.config.Limits.DrainDelay.String())
			delayed = a.after(a.config.Limits.DrainDelay)
		case <-delayed:
			return nil
		case <-a.journal.Failed():
			return a.journal.Err()
		case <-serving.Done():
			return nil
		}
	}
}

// Close stops a gateway that was opened and never run.
func (a *App) Close() error { return a.close() }

func (a *App) close() error {
	var err error
	if a.server != nil {
		err = a.server.Stop()
	}
	if a.console != nil {
		err = errors.Join(err, a.console.Close())
	}
	err = errors.Join(err, a.changes.close(), a.opened.close())
	a.end()
	a.closeTelemetry()
	if a.journal != nil {
		closeJournal(a.journal, a.logger, a.journalTime())
		a.journal = nil
	}
	return err
}

const (
	// stopTime bounds the whole stop, from the signal on: what stops services kills them a little later.
	stopTime = 10 * time.Second
	// journalTime bounds the wait for records that are under way, if nothing hurries.
	journalTime = 5 * time.Second
)

// journalTime is what the stop has left: the configuration leaves a second at least ([config.Limits]).
func (a *App) journalTime() time.Duration {
	if a.stopBy.IsZero() {
		return journalTime
	}
	return min(journalTime, max(time.Until(a.stopBy), time.Second))
}

// reloadPolicies reads the policies anew. If they don't build, the ones in force stay. Signed policies come from the board, and a reload only
// has their source asked at once; those inside the program can't have changed.
func (a *App) reloadPolicies(next *config.Config) error {
	if a.bundles != nil {
		a.bundles.hurryUp()
		return nil
	}
	if a.unchanged(next) != nil {
		return nil
	}
	err := a.policies.Reload(policyFiles(next))
	a.activations.reloaded(err)
	return err
}
