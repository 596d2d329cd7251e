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

// TestMalformedPermissions: what is not a whole answer lets nobody do anything.
func TestMalformedPermissions(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]string{
		"no rule":                `other := 1`,
		"undefined":              `result := 1 if input.action == "nothing"`,
		"no object":              `result := [true]`,
		"no allow":               `result := {"reasons": set()}`,
		"no reasons":             `result := {"allow": true}`,
		"allow is text":          `result := {"allow": "true", "reasons": set()}`,
		"reasons is a list":      `result := {"allow": true, "reasons": []}`,
		"refused without reason": `result := {"allow": false, "reasons": set()}`,
		"allowed with a reason":  `result := {"allow": true, "reasons": {{"code": "a", "rule": "r"}}}`,
		"built-in fails":         `result := {"allow": substring("true", -1, 9) == "", "reasons": set()}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			engine, err := policies.New(builtInFiles(t, "data", map[string]string{
				"console.rego":      "package zhengqiao.console\n\n" + rule + "\n",
				"data/reasons.yaml": "reasons: {a: {zh: 甲, en: a}}\n",
			}), policies.Options{NewHash: sha256.New, Timeout: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			if err := engine.May(t.Context(), []string{"operator"}, "changes.replay", noon); exchange.CodeOf(err) != exchange.PolicyUnavailable {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestMayByRole(t *testing.T) {
	t.Parallel()
	engine := sharedEngine(t)
	if err := engine.May(t.Context(), []string{"viewer", "operator"}, "changes.replay", noon); err != nil {
		t.Errorf("an operator: %v", err)
	}
	err := engine.May(t.Context(), []string{"viewer"}, "changes.replay", noon)
	refusal, _ := errors.AsType[*exchange.Error](err)
	if refusal == nil || refusal.Code != exchange.PolicyRefused || len(refusal.Reasons) != 1 || refusal.Reasons[0].Text.ZH == "" {
		t.Errorf("a viewer: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := engine.May(ctx, []string{"operator"}, "changes.replay", noon); exchange.CodeOf(err) != exchange.PolicyUnavailable {
		t.Errorf("nobody waits: %v", err)
	}
}
