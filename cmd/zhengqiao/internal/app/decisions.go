package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/account"
)

// decisions keeps what it takes to explain decisions, and explains them.
type decisions struct {
	trail   *Trail
	engine  *policies.Engine
	keeper  *keeper
	shadow  *shadowed // nil: no candidate is asked
	keep    time.Duration
	contact exchange.Text
	logger  *slog.Logger

	unkept string // what was logged last of policies that could not be kept; keepUp's own
}

// openDecisions keeps the policies in force and puts the candidate, if there is one, in their shadow.
func (a *App) openDecisions(ctx context.Context) error {
	d := &decisions{
		trail: &Trail{a.journal}, engine: a.policies, keep: a.config.Decisions.Keep, contact: a.config.Decisions.Contact.Text(),
		logger: a.logger,
	}
	var err error
	if d.keeper, err = newKeeper(ctx, a.journal, a.config, a.policies); err != nil {
		return err
	}
	if d.shadow, err = a.openShadow(a.broker.Decider); err != nil {
		return err
	}
	if d.shadow != nil {
		a.broker.Decider = d.shadow
		a.workers = append(a.workers, d.shadow.Run)
	}
	a.decisions = d
	a.workers = append(a.workers, d.keepUp)
	return nil
}

// keepUpEvery is how soon it is noticed that other policies came into force, whoever put them there.
const keepUpEvery = time.Second

// keepUp keeps each revision that comes into force, until ctx ends. A store that fails now is asked again, and its failure logged once.
func (d *decisions) keepUp(ctx context.Context) error {
	ticks := time.NewTicker(keepUpEvery)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
			changed, err := d.keeper.keep(ctx)
			if ctx.Err() != nil {
				return nil
			}
			d.tellKept(err)
			if err == nil && changed && d.shadow != nil {
				d.shadow.Reset()
			}
		}
	}
}

// tellKept logs a failure to keep the policies in force, once until there is another or none: without them decisions can't be explained.
func (d *decisions) tellKept(err error) {
	failure := ""
	if err != nil {
		failure = err.Error()
	}
	if failure != "" && failure != d.unkept {
		d.logger.Error("the policies in force could not be kept, their decisions can't be explained later; trying on", "error", err)
	}
	d.unkept = failure
}

// Account implements [gateway.Accounts]. Who asks for another platform's decision learns no more than who asks for none.
func (d *decisions) Account(ctx context.Context, platform, id string) (exchange.Account, error) {
	at, ok := evidence.MomentOf(id)
	if !ok || time.Since(at) > d.keep {
		return exchange.Account{}, exchange.Errorf(exchange.NotFound, "no id of a decision that is still told")
	}
	found, err := d.trail.Find(ctx, id)
	switch {
	case errors.Is(err, evidence.ErrNoRecord), err == nil && found.Entry.Platform != platform:
		return exchange.Account{}, exchange.Errorf(exchange.NotFound, "no decision of this platform")
	case err != nil:
		return exchange.Account{}, exchange.Errorf(exchange.Internal, "find a decision: %w", err)
	}
	told, ok := account.Of(ctx, d.engine, &found.Entry.Record)
	if !ok {
		return exchange.Account{}, exchange.Errorf(exchange.NotFound, "the request was not decided on")
	}
	told.Contact = d.contact
	return told, nil
}

// reload reads the candidate anew, from the folder that it had at the start. One that doesn't load leaves the last in its place.
func (d *decisions) reload(c *config.Config) error {
	if d.shadow == nil {
		return nil
	}
	if err := d.shadow.reload(c); err != nil {
		return fmt.Errorf("the candidate in the shadow (policies.shadow): %w", err)
	}
	return nil
}
