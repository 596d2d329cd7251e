package app

import (
	"context"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Known gives what the gateway knows of a citizen's licence.
func (a *App) Known(ctx context.Context, number exchange.IDNumber) (changefeed.Known, error) {
	return a.changes.book.Last(ctx, a.broker.Pseudonyms.Pseudonym(number))
}
