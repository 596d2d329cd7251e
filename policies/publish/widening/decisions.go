package widening

import (
	"context"
	"fmt"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies/authoring/casebook"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

// request asks both about one request. What the former policies could not decide, they refused.
func (c *comparison) request(ctx context.Context, what string, request exchange.DecisionRequest) error {
	after, err := c.after.Decide(ctx, request)
	if err != nil {
		return err
	}
	before, err := c.before.Decide(ctx, request)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		before = exchange.Decision{}
	}
	c.decisions(request.Platform, what, &before, &after)
	return nil
}

// decisions notes how one decision differs from the other.
func (c *comparison) decisions(platform, what string, before, after *exchange.Decision) {
	for _, d := range impact.Compare(before, after) {
		c.differs(platform, what, d)
	}
}

// differs notes one difference. Refused for other reasons is seen no otherwise.
func (c *comparison) differs(platform, what string, d impact.Difference) {
	if d.Kind != impact.Reasons {
		c.platforms[platform] = true
	}
	if d.Widens {
		c.gain("%s: %s", what, strings.TrimSpace(fmt.Sprintf("%s %s %s -> %s", d.Kind, d.Field, orDash(d.From), orDash(d.To))))
	}
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// cases asks both about the requests and announcements that people wrote down.
func (c *comparison) cases(ctx context.Context, all []*casebook.Case) error {
	for _, one := range all {
		var err error
		switch {
		case one.Announce != nil:
			err = c.announcement(ctx, one)
		case one.Request != nil:
			err = c.request(ctx, one.Name, *one.Request)
		}
		if err != nil {
			return fmt.Errorf("%s: %s: %w", one.Place(), one.Name, err)
		}
	}
	return nil
}

func (c *comparison) announcement(ctx context.Context, one *casebook.Case) error {
	a := one.Announce
	after, err := c.after.Rank(ctx, a.Reporter, a.Region, a.Aspects, casebook.Noon())
	if exchange.CodeOf(err) == exchange.PolicyUnavailable {
		return err
	}
	before, _ := c.before.Rank(ctx, a.Reporter, a.Region, a.Aspects, casebook.Noon())
	if after > before {
		c.gain("%s: %s may announce more", one.Name, a.Reporter)
	}
	if after != before {
		c.platforms[a.Reporter] = true
	}
	return nil
}

// inputs asks both about recorded inputs. What can't be decided again, since rules read what records don't keep, shows nothing; that the
// rules differ counts as widening by itself.
func (c *comparison) inputs(ctx context.Context, all []impact.Input) error {
	replay := impact.New(c.before, c.after)
	for i := range all {
		if err := replay.Add(ctx, &all[i]); err != nil {
			return fmt.Errorf("recorded input %d: %w", i, err)
		}
	}
	for _, change := range replay.Report().Changes {
		what := fmt.Sprintf("recorded requests of %s, %s", change.Platform, change.Purpose)
		c.differs(change.Platform, what, impact.Difference{Kind: change.Kind, Field: change.Field, From: change.From, To: change.To, Widens: change.Widens})
	}
	return nil
}
