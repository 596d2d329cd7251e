package app

import (
	"context"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Report takes a change in as POST /v1/changes does once a caller is known, for benchmarks that leave HTTP out. The gateway must
// synchronise changes.
func (a *App) Report(ctx context.Context, report *exchange.Report) (changefeed.Acceptance, error) {
	return a.changes.intake.Report(ctx, report)
}

// LicenceKey gives the key of a person's licence.
func (a *App) LicenceKey(n exchange.IDNumber) string { return a.broker.Pseudonyms.Pseudonym(n) }
