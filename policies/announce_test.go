package policies_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// TestMalformedRanks: what is not a whole answer lets nobody announce anything.
func TestMalformedRanks(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]string{
		"no rule":             `other := 1`,
		"undefined":           `result := 1 if input.reporter == "nobody"`,
		"no object":           `result := ["authority"]`,
		"no rank":             `result := {"reasons": set()}`,
		"no reasons":          `result := {"rank": "authority"}`,
		"reasons is a list":   `result := {"rank": "authority", "reasons": []}`,
		"unknown rank":        `result := {"rank": "king", "reasons": set()}`,
		"none without reason": `result := {"rank": "none", "reasons": set()}`,
		"rank with a reason":  `result := {"rank": "authority", "reasons": {{"code": "a", "rule": "r"}}}`,
		"built-in fails":      `result := {"rank": substring("authority", -1, 9), "reasons": set()}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rank, err := announcing(t, rule).Rank(t.Context(), "suishenban", "310000", exchange.Aspects(), noon)
			if rank != exchange.RankNone || exchange.CodeOf(err) != exchange.PolicyUnavailable {
				t.Errorf("rank %d, error %v", rank, err)
			}
		})
	}
}

// announcing makes an engine that answers who may announce by one rule.
func announcing(t *testing.T, rule string) *policies.Engine {
	t.Helper()
	engine, err := policies.New(builtInFiles(t, "data", map[string]string{
		"announce.rego":     "package zhengqiao.announce\n\n" + rule + "\n",
		"data/reasons.yaml": "reasons: {a: {zh: 甲, en: a}}\n",
	}), policies.Options{NewHash: sha256.New, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func TestRankRefusesWithTexts(t *testing.T) {
	t.Parallel()
	_, err := sharedEngine(t).Rank(t.Context(), "wechat-city", "310000", exchange.Aspects(), noon)
	refusal, _ := errors.AsType[*exchange.Error](err)
	if refusal == nil || refusal.Code != exchange.PolicyRefused || len(refusal.Reasons) != 1 {
		t.Fatalf("error %v", err)
	}
	if reason := refusal.Reasons[0]; reason.Text.ZH == "" || reason.Text.EN == "" || reason.Rule != "zhengqiao.announce.terms" {
		t.Errorf("reason %+v", reason)
	}
}

func TestRankOfACallerThatGoesAway(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := sharedEngine(t).Rank(ctx, "suishenban", "310000", []exchange.Aspect{exchange.AspectStatus}, noon)
	if exchange.CodeOf(err) != exchange.PolicyUnavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
