package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/policies"
)

// reloadTime bounds the making of a new generation, of which only the journal's state of pushes can take time.
const reloadTime = 30 * time.Second

// reloads makes one reload after the other.
type reloads struct {
	mu     sync.Mutex
	counts *reloadCounts
}

// begin puts the first generation in force.
func (a *App) begin(ctx context.Context) error {
	counts, err := newReloadCounts(a.registry)
	if err != nil {
		return err
	}
	a.reloads = &reloads{counts: counts}
	first, err := a.build(ctx, a.config, nil)
	if err != nil {
		return err
	}
	a.current.Store(first)
	counts.inForce(a.config.Revision())
	return nil
}

// end closes the generation in force as soon as nobody needs it. Nothing may ask for one after that.
func (a *App) end() {
	if g := a.current.Load(); g != nil {
		g.leave()
	}
}

// Reload reads the configuration, the files behind its references and the policies anew. Requests that come from then on are answered with
// one whole configuration; those at work end with the one that they began with. Policies, quotas and receivers are not part of that: each
// is in force from one moment on, the policies a little earlier and for all that is not decided yet, the receivers a little later. If
// anything is wrong all stays as it is, and the error tells each fault with its line. It gives what changed, and marks what waits for a
// restart, since earlier reloads too.
func (a *App) Reload() ([]config.Change, error) {
	a.reloads.mu.Lock()
	defer a.reloads.mu.Unlock()
	changes, err := guarded(a.reload)
	a.reloads.counts.done(err)
	if err != nil {
		a.logger.Error("not reloaded, all stays as it is", "error", err)
		return nil, err
	}
	running := a.current.Load().config
	a.reloads.counts.inForce(running.Revision())
	a.reloads.counts.waiting(changes)
	a.logger.Info("reloaded", "configuration", running.Revision(), "policies", a.policies.Revision(), "changes", len(changes))
	for _, change := range changes {
		a.logger.Info("reloaded", "change", change.String())
	}
	return changes, nil
}

func (a *App) reload() ([]config.Change, error) {
	next, changes, err := a.look()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), reloadTime)
	defer cancel()
	before := a.current.Load()
	generation, err := a.build(ctx, next, before)
	if err != nil {
		return nil, config.InFile(next.Path(), err)
	}
	receivers, err := a.changes.prepare(a, next)
	if err == nil {
		err = a.decisions.reload(a.config) // it decides nothing, so that nothing is lost if what follows fails
	}
	if err == nil {
		err = a.reloadPolicies(next) // the last that can fail, since it is in force at once
	}
	if err != nil {
		generation.leave()
		return nil, errors.Join(err, receivers.drop())
	}
	a.quotas.Set(quotas(next))
	a.current.Store(generation)
	before.leave()
	receivers.apply(a)
	a.sight.follow(a.config, next, a.toldNow())
	return changes, nil
}

// PreviewReload gives what a reload would change, and changes nothing. Its errors are those of the check that a reload begins with; that
// one may still be refused later, by what only the making of adapters and of the candidate in the shadow finds.
func (a *App) PreviewReload() ([]config.Change, error) {
	_, changes, err := a.look()
	return changes, err
}

// look reads the configuration anew and holds all of it to the check that `config check` makes.
func (a *App) look() (*config.Config, []config.Change, error) {
	running := a.current.Load().config
	next, err := running.Again()
	if err != nil {
		return nil, nil, err
	}
	if _, err := check(next, a.unchanged(next)); err != nil {
		return nil, nil, config.InFile(next.Path(), err)
	}
	if err := a.canTakePushes(next); err != nil {
		return nil, nil, config.InFile(next.Path(), err)
	}
	return next, append(config.DiffSince(a.config, running, next), a.refreshed(next)...), nil
}

// unchanged gives the policies in force if they are those inside the program and stay so; nil if they are to be read anew.
func (a *App) unchanged(next *config.Config) *policies.Engine {
	if next.Policies.Dir == "" && a.current.Load().config.Policies.Dir == "" {
		return a.policies
	}
	return nil
}

// refreshed are the sources whose settings are the same, while a file that they refer to is not.
func (a *App) refreshed(next *config.Config) (changes []config.Change) {
	old := a.current.Load()
	for i := range next.Sources {
		source := &next.Sources[i]
		leased := old.sources[source.ID]
		if leased == nil || leased.print == printOf(next, source, source.ID, source.Kind, source.Region) {
			continue
		}
		if one := config.Diff(&config.Config{Sources: only(old.config.Sources, source.ID)}, &config.Config{Sources: []config.Source{*source}}); len(one) == 0 {
			changes = append(changes, config.Change{Kind: config.Changed, Section: "sources", ID: source.ID, Keys: []string{"files"}})
		}
	}
	return changes
}

func only(sources []config.Source, id string) []config.Source {
	for i := range sources {
		if sources[i].ID == id {
			return sources[i : i+1]
		}
	}
	return nil
}
