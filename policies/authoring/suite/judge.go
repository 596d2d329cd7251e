package suite

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/casebook"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
)

// Judge says what of a case is not as it expects, and by which rule.
func Judge(ctx context.Context, program *trial.Program, c *casebook.Case, tracers ...topdown.QueryTracer) ([]string, error) {
	if c.Announce != nil {
		rank, reasons, err := program.Rank(ctx, announcementOf(c), tracers...)
		if err != nil {
			return nil, err
		}
		return say(c.Expect.OfRank(rank, reasons), nil, reasons), nil
	}
	if c.Study != nil {
		question, err := c.Study.Question()
		if err != nil {
			return nil, err
		}
		verdict, err := program.Study(ctx, question, tracers...)
		return say(c.Expect.OfStudy(&verdict), nil, nil), err
	}
	if c.BreakGlass != nil {
		terms, err := program.BreakGlass(ctx, c.BreakGlass.Question(), tracers...)
		return say(c.Expect.OfBreakGlass(&terms), nil, terms.Reasons), err
	}
	question, err := trial.NewQuestion(*c.Request)
	if err != nil {
		return nil, err
	}
	answer, err := program.Decide(ctx, question, tracers...)
	if err != nil {
		return nil, err
	}
	return say(c.Expect.Of(&answer.Decision), &answer, answer.Reasons), nil
}

func announcementOf(c *casebook.Case) ast.Value {
	return policies.AnnouncementInput(c.Announce.Reporter, c.Announce.Region, c.Announce.Aspects, casebook.Noon())
}

// say names the rule behind each difference: the field's own, or those that refused.
func say(differences []casebook.Difference, answer *trial.Answer, reasons []exchange.Reason) []string {
	var said []string
	for _, d := range differences {
		rule := ""
		switch {
		case d.Field != "" && answer != nil:
			rule = answer.RuleOf(d.Field)
		case d.What == "allow" || d.What == "reasons" || d.What == "rank":
			rule = rulesOf(reasons)
		}
		if rule != "" {
			rule = fmt.Sprintf(" (%s)", rule)
		}
		said = append(said, fmt.Sprintf("%s: %s%s, expected: %s", d.What, d.Is, rule, d.Want))
	}
	return said
}

func rulesOf(reasons []exchange.Reason) string {
	list := ""
	for i, reason := range reasons {
		if i > 0 {
			list += ", "
		}
		list += reason.Rule
	}
	return list
}
