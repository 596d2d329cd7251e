package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

// Run serves until ctx ends, a listener fails or the journal can't keep its promise any more, and then stops everything: first
// the intake, then the sources, the journal last, so that whatever was answered is on disk.
func (a *App) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-ctx.Done():
		case <-a.journal.Failed():
			cancel(fmt.Errorf("the journal failed: %w", a.journal.Err()))
		}
	}()
	err := a.server.Serve(ctx)
	if failure := a.journal.Err(); failure != nil {
		err = errors.Join(fmt.Errorf("the journal failed: %w", failure), err)
	}
	cancel(nil)
	<-watched
	return errors.Join(err, a.close())
}

// Close stops a gateway that was opened and never run.
func (a *App) Close() error { return a.close() }

func (a *App) close() error {
	var err error
	if a.server != nil {
		err = a.server.Stop()
	}
	err = errors.Join(err, a.sources.close())
	if a.journal != nil {
		closeJournal(a.journal, a.logger)
		a.journal = nil
	}
	return err
}

// Reload reads the policies anew. If they don't build, the ones in force stay.
func (a *App) Reload() error {
	before := a.policies.Revision()
	if err := a.policies.Reload(policyFiles(a.config)); err != nil {
		a.logger.Error("policies not reloaded, the ones in force stay", "revision", before, "error", err)
		return err
	}
	a.logger.Info("policies reloaded", "from", before, "to", a.policies.Revision())
	return nil
}

// Check opens everything that can be opened without connecting, listening or writing: keys, policies, adapters, routes.
func Check(c *config.Config) error {
	if _, err := openTrust(c); err != nil {
		return err
	}
	if _, _, err := openVault(c); err != nil {
		return err
	}
	if _, err := openPolicies(c); err != nil {
		return err
	}
	all, err := openSources(c, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return err
	}
	_, err = all.identities(c.Identity)
	return errors.Join(err, all.close())
}
