package app

import (
	"context"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/telemetry"
)

// outbound is what adapters are given: their connections are seen, and followed where a collector is configured.
func (a *App) outbound() outbound.Deps {
	deps := a.sight.deps(a.config, a.logger, a.calls)
	if a.tracer != nil {
		deps.Spans = a.tracer
	}
	return deps
}

// followSources follows the questions to every source.
func (a *App) followSources() {
	for _, source := range a.opened {
		a.tracer.Source(source)
	}
}

// followReports and followDeliveries give nil where nobody follows, so that the synchronisation does nothing for it.
func (a *App) followReports() func(context.Context, string) (context.Context, string, func(string, error)) {
	if a.tracer == nil {
		return nil
	}
	return a.tracer.Report
}

func (a *App) followDeliveries() func(context.Context, string, string) (context.Context, func(string, bool)) {
	if a.tracer == nil {
		return nil
	}
	return a.tracer.Deliver
}

// followedLedger is what the book of licences writes to.
func (a *App) followedLedger(ledger *journal.Ledger) changefeed.Ledger {
	if a.tracer == nil {
		return ledger
	}
	return followedLedger{ledger, a.tracer}
}

type followedLedger struct {
	*journal.Ledger
	tracer *telemetry.Tracer
}

// Put implements [changefeed.Ledger].
func (l followedLedger) Put(ctx context.Context, key string, data []byte, follows journal.Revision) (journal.Revision, error) {
	ctx, end := l.tracer.Step(ctx, "journal.put")
	revision, err := l.Ledger.Put(ctx, key, data, follows)
	end(err)
	return revision, err
}

// announcers says who may announce what.
func (a *App) announcers() changefeed.Announcers {
	if a.tracer == nil {
		return announcers{a.policies}
	}
	return followedAnnouncers{announcers{a.policies}, a.tracer}
}

type followedAnnouncers struct {
	announcers
	tracer *telemetry.Tracer
}

// Rank implements [changefeed.Announcers].
func (f followedAnnouncers) Rank(ctx context.Context, said changefeed.Announcement) (exchange.Rank, error) {
	ctx, end := f.tracer.Step(ctx, "policy.rank")
	rank, err := f.announcers.Rank(ctx, said)
	end(err)
	return rank, err
}
