package policies_test

import (
	"errors"
	"os"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/casebook"
)

// TestCases holds the engine to the decisions that are written down as data: see the head of cases/base.yaml and docs/policies.md.
func TestCases(t *testing.T) {
	t.Parallel()
	engine := sharedEngine(t)
	cases, err := casebook.Read(os.DirFS("."))
	if err != nil || len(cases) < 100 {
		t.Fatalf("%d cases, error %v", len(cases), err)
	}
	for _, c := range cases {
		if c.Expect == nil {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			for _, difference := range differences(t, engine, c) {
				t.Errorf("%s: %s: %s", c.Place(), c.Name, difference)
			}
		})
	}
}

func differences(t *testing.T, engine *policies.Engine, c *casebook.Case) []casebook.Difference {
	t.Helper()
	switch {
	case c.Study != nil:
		question, err := c.Study.Question()
		got, failure := engine.JudgeStudy(t.Context(), question)
		if err != nil || failure != nil {
			t.Fatalf("%s: no verdict: %v, %v", c.Place(), err, failure)
		}
		return c.Expect.OfStudy(&got)
	case c.BreakGlass != nil:
		got, err := engine.JudgeBreakGlass(t.Context(), c.BreakGlass.Question())
		if err != nil {
			t.Fatalf("%s: no terms: %v", c.Place(), err)
		}
		return c.Expect.OfBreakGlass(&got)
	case c.Announce == nil:
		got, err := engine.Decide(t.Context(), *c.Request)
		if err != nil {
			t.Fatalf("%s: no decision: %v", c.Place(), err)
		}
		return c.Expect.Of(&got)
	}
	rank, err := engine.Rank(t.Context(), c.Announce.Reporter, c.Announce.Region, c.Announce.Aspects, casebook.Noon())
	refusal := &exchange.Error{}
	if errors.As(err, &refusal) && refusal.Code != exchange.PolicyRefused {
		t.Fatalf("%s: no answer: %v", c.Place(), err)
	}
	return c.Expect.OfRank(rank, refusal.Reasons)
}

func withheldCodes(d exchange.Decision) map[exchange.Field]string {
	codes := map[exchange.Field]string{}
	for _, w := range d.Withheld {
		codes[w.Field] = w.Code
	}
	return codes
}
