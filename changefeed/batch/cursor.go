package batch

import (
	"context"
	"errors"
	"fmt"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// Cursor gives a platform's place in a partition as the dispatcher asks for it, for status and comparison: it says what has not been
// told yet, and hands nothing out.
func (p *Places) Cursor(ledger Ledger, platform string, partition int) changefeed.Cursor {
	return &placeCursor{p, ledger, tellingKey(platform, partition), partition}
}

type placeCursor struct {
	places    *Places
	ledger    Ledger
	key       string
	partition int
}

var errBatched = errors.New("the platform is told in batches")

func (c *placeCursor) Next(context.Context) (*journal.Delivery, error) { return nil, errBatched }

func (c *placeCursor) After(context.Context, journal.Revision, int) ([]journal.Entry, error) {
	return nil, errBatched
}

func (c *placeCursor) News() <-chan struct{} { return nil }

func (c *placeCursor) Pending(ctx context.Context) (journal.Backlog, error) {
	at, _, err := c.places.read(ctx, c.key)
	if err != nil {
		return journal.Backlog{}, err
	}
	return c.ledger.BacklogSince(ctx, c.partition, at.Revision)
}

func tellingKey(platform string, partition int) string {
	return fmt.Sprintf("%s/telling-%d", platform, partition)
}
