package changefeed

import (
	"context"
	"fmt"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Composed is a notice that nobody was told.
type Composed struct {
	exchange.Notice
	// Due says that the entry itself is one that the platform has to be told of: it made a version, did not come from the platform,
	// and policy lets the platform see some of what changed.
	Due bool
}

// Compose gives the notice that would tell a platform of an entry, as policy shapes it now: what stood then, and what changed then. It
// tells nobody. Errors: NotFound for a platform that is no endpoint, PolicyUnavailable.
func (d *Dispatcher) Compose(ctx context.Context, platform string, known *Known) (Composed, error) {
	e, err := d.endpoint(platform)
	if err != nil {
		return Composed{}, err
	}
	change := &known.State.Change
	notice, _, err := e.lanes[known.partition].compose(ctx, known, known, change.Events)
	due := known.Outcome == exchange.ReportAccepted && !e.echoes(change) && len(notice.Events) > 0
	return Composed{notice, due}, err
}

// Backlog tells what a platform was not offered yet of one partition of the licences' ledger.
func (d *Dispatcher) Backlog(ctx context.Context, platform string, partition int) (journal.Backlog, error) {
	e, err := d.endpoint(platform)
	if err != nil {
		return journal.Backlog{}, err
	}
	cursor, err := e.lanes[partition].open(ctx)
	if err != nil {
		return journal.Backlog{}, err
	}
	backlog, err := cursor.Pending(ctx)
	if err != nil {
		return backlog, fmt.Errorf("backlog of %s: %w", platform, err)
	}
	return backlog, nil
}

// Knows reports whether a platform is one of the endpoints.
func (d *Dispatcher) Knows(platform string) bool {
	return d.roster.find(platform) != nil
}
