package app

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed/poll"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// pollsState holds the places of polling and the counts of its quotas.
const pollsState = "polls"

// openPolls prepares the polling of sources that announce no changes, and leaves it to the app's workers.
func (a *App) openPolls(ctx context.Context) error {
	if len(a.config.Polls) == 0 {
		return nil
	}
	marks, err := a.journal.State(ctx, journal.StateConfig{Name: pollsState})
	if err != nil {
		return err
	}
	counts, err := newPollCounts(a.registry, a.config.Polls, a.started)
	if err != nil {
		return err
	}
	counts.tell = func(source, mode string, moment time.Time) { a.sight.covered(a.config, source, mode, moment) }
	gates := map[string]*poll.Gate{}
	for i := range a.config.Polls {
		configured, source := &a.config.Polls[i], a.sources[a.config.Polls[i].Source]
		if err := offersPoll(source, configured.Mode); err != nil {
			return a.config.At(fmt.Sprintf("$.polls[%d].mode", i), err)
		}
		if gates[source.ID] == nil {
			gates[source.ID] = poll.NewGate(source.ID, poll.Quota(configured.Quota), marks, time.Now)
		}
		base := a.pollBase(configured, source)
		base.Marks, base.Gate, base.Observer = marks, gates[source.ID], counts
		a.workers = append(a.workers, a.poller(configured, source, base))
	}
	return nil
}

func (a *App) pollBase(configured *config.Poll, source *exchange.Source) poll.Base {
	return poll.Base{
		Source: source.ID, Region: pollRegion(configured, source), Aspects: namedAspects(configured.Aspects), Purpose: pollPurpose(a.config, configured),
		Reporter: a.changes.intake, Pseudonyms: a.broker.Pseudonyms, Every: configured.Period(), Timeout: a.config.Limits.Budget,
		Clock: time.Now, Random: jitter, Logger: a.logger,
	}
}

// poller gives the worker of one poll.
func (a *App) poller(configured *config.Poll, source *exchange.Source, base poll.Base) func(context.Context) error {
	if configured.Mode == config.PollIncremental {
		incremental := poll.Incremental{
			Base: base, Lister: source.Changes, Overlap: configured.Lateness(), Since: configured.Since, Rows: configured.Rows,
		}
		return incremental.Run
	}
	requery := poll.Requery{Base: base, Asks: source.Licences, Known: a.changes.ledger, Book: a.changes.book}
	return requery.Run
}

// offersPoll says what a source lacks for a mode.
func offersPoll(source *exchange.Source, mode string) error {
	switch {
	case mode == config.PollIncremental && source.Changes == nil:
		return fmt.Errorf("source %s lists no changes; use requery, or name its listing in the source's settings", source.ID)
	case mode == config.PollRequery && source.Licences == nil:
		return fmt.Errorf("source %s answers no licence queries", source.ID)
	}
	return nil
}

func pollRegion(configured *config.Poll, source *exchange.Source) exchange.Region {
	return cmp.Or(exchange.Region(configured.Region), source.Region)
}

// pollPurpose is why a source is polled: as a platform is told, no citizen asks. A source that wants a unit's code has its own setting
// for it where the poll states none.
func pollPurpose(c *config.Config, configured *config.Poll) exchange.Purpose {
	purpose, stated := syncPurpose(c), configured.Purpose
	purpose.Matter, purpose.Case = cmp.Or(stated.Matter, purpose.Code), cmp.Or(stated.Case, c.Changes.Gateway)
	purpose.Unit, purpose.UnitName = stated.Unit, cmp.Or(stated.UnitName, c.Changes.Gateway)
	return purpose
}
