package policies_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// tiny makes an engine of one rule file, whose result stands in for a decision.
func tiny(t *testing.T, rego string, timeout time.Duration) *policies.Engine {
	t.Helper()
	engine, err := policies.New(builtInFiles(t, "data", map[string]string{
		"decision.rego":     "package zhengqiao.decision\n\n" + rego + "\n",
		"data/reasons.yaml": "reasons: {a: {zh: 甲, en: a}, mask_unknown: {zh: 乙, en: b}}\n",
	}), policies.Options{NewHash: sha256.New, Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// whole is a result in good order for the wanted fields x and y; each row below spoils one part of it.
const whole = `good := {"allow": true, "reasons": set(), "grants": {"x": {"mask": "none", "rule": "r.x"}},
	"withheld": {"y": {"code": "a", "rule": "r.y"}}, "assurance": "sms", "checkIdentity": true,
	"freshness": {"tier": "daily", "bound": 90.5, "onStale": "mark", "rule": "r.f"}}

`

func wantedXY() exchange.DecisionRequest {
	request := ownQuery()
	request.Wanted = []exchange.Field{"y", "x", "y"}
	return request
}

func TestDecodesEveryPart(t *testing.T) {
	t.Parallel()
	got, err := tiny(t, whole+"result := good", time.Minute).Decide(t.Context(), wantedXY())
	if err != nil {
		t.Fatal(err)
	}
	if !got.Allow || len(got.Reasons) != 0 || len(got.Grants) != 1 || got.Grants["x"] != exchange.MaskNone {
		t.Errorf("decision %+v", got)
	}
	if len(got.Withheld) != 1 || got.Withheld[0] != (exchange.Withheld{Field: "y", Code: "a", Rule: "r.y", Text: exchange.Text{ZH: "甲", EN: "a"}}) {
		t.Errorf("withheld %+v", got.Withheld)
	}
	if got.AgeBound != 90500*time.Millisecond || got.OnStale != exchange.StaleMark || got.Freshness != "daily" {
		t.Errorf("freshness %+v", got)
	}
	if got.Assurance != "sms" || !got.CheckIdentity || len(got.Rules) != 3 || got.Rules[0] != "r.f" {
		t.Errorf("rest %+v", got)
	}
}

// TestMalformedResults: whatever is not a whole decision is no decision.
func TestMalformedResults(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]string{
		"undefined":             `result := 1 if input.platform == "nobody"`,
		"no object":             `result := [good]`,
		"empty object":          `result := {}`,
		"no allow":              `result := object.remove(good, ["allow"])`,
		"no grants":             `result := object.remove(good, ["grants"])`,
		"no withheld":           `result := object.remove(good, ["withheld"])`,
		"no freshness":          `result := object.remove(good, ["freshness"])`,
		"no assurance":          `result := object.remove(good, ["assurance"])`,
		"no identity":           `result := object.remove(good, ["checkIdentity"])`,
		"allow is text":         `result := object.union(object.remove(good, ["allow"]), {"allow": "true"})`,
		"reasons is a list":     `result := object.union(object.remove(good, ["reasons"]), {"reasons": []})`,
		"allowed with a reason": `result := object.union(object.remove(good, ["reasons"]), {"reasons": {{"code": "a", "rule": "r"}}})`,
		"refused without one":   `result := object.union(object.remove(good, ["allow", "grants", "withheld"]), {"allow": false, "grants": {}, "withheld": {}})`,
		"refused with grants":   `result := object.union(object.remove(good, ["allow", "reasons"]), {"allow": false, "reasons": {{"code": "a", "rule": "r"}}})`,
		"a reason nobody knows": `result := object.union(good, {"withheld": {"y": {"code": sprintf("%s", ["zz"]), "rule": "r"}}})`,
		"a field left out":      `result := object.union(object.remove(good, ["withheld"]), {"withheld": {}})`,
		"an unwanted field":     `result := object.union(good, {"grants": {"z": {"mask": "none", "rule": "r"}}})`,
		"one for another":       `result := object.union(object.remove(good, ["withheld"]), {"withheld": {"z": {"code": "a", "rule": "r"}}})`,
		"a bare mask":           `result := object.union(object.remove(good, ["grants"]), {"grants": {"x": "none"}})`,
		"only unknown masks":    `result := object.union(good, {"grants": {"x": {"mask": "rot13"}}})`,
		"bound is text":         `result := object.union(good, {"freshness": {"bound": "600"}})`,
		"bound is negative":     `result := object.union(good, {"freshness": {"bound": -1}})`,
		"bound is too large":    `result := object.union(good, {"freshness": {"bound": 1000000000000000000000}})`,
		"quotas is an object":   `result := object.union(good, {"quotas": {}})`,
		"a quota of days":       `result := object.union(good, {"quotas": [{"of": "days", "most": 1, "per": 3600, "code": "a", "rule": "r"}]})`,
		"a quota of nothing":    `result := object.union(good, {"quotas": [{"of": "requests", "most": 0, "per": 3600, "code": "a", "rule": "r"}]})`,
		"a quota for a week":    `result := object.union(good, {"quotas": [{"of": "requests", "most": 1, "per": 604800, "code": "a", "rule": "r"}]})`,
		"a quota for no reason": `result := object.union(good, {"quotas": [{"of": "requests", "most": 1, "per": 3600}]})`,
		"unknown stale action":  `result := object.union(good, {"freshness": {"onStale": "ignore"}})`,
		"built-in fails":        `result := object.union(good, {"assurance": substring("sms", -1, 3)})`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			unavailable(t, tiny(t, whole+rule, time.Minute), wantedXY())
		})
	}
}

func unavailable(t *testing.T, engine *policies.Engine, request exchange.DecisionRequest) {
	t.Helper()
	got, err := engine.Decide(t.Context(), request)
	if exchange.CodeOf(err) != exchange.PolicyUnavailable {
		t.Errorf("error %v, decision %+v", err, got)
	}
	if got.Allow || got.Grants != nil {
		t.Errorf("something is allowed: %+v", got)
	}
}

// TestUnknownMaskIsWithheld: a grant whose mask nobody can apply shows nothing.
func TestUnknownMaskIsWithheld(t *testing.T) {
	t.Parallel()
	rule := `result := object.union(object.remove(good, ["withheld"]), {"withheld": {}, "grants": {"y": {"mask": "rot13", "rule": "r.y"}}})`
	got, err := tiny(t, whole+rule, time.Minute).Decide(t.Context(), wantedXY())
	if err != nil {
		t.Fatal(err)
	}
	if _, shown := got.Grants["y"]; shown || withheldCodes(got)["y"] != "mask_unknown" {
		t.Errorf("decision %+v", got)
	}
}

// bomb takes far longer than anybody waits: 10^12 steps.
const bomb = `n := [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

result := count([1 | some a in n; some b in n; some c in n; some d in n; some e in n; some f in n; some g in n; some h in n
	some i in n; some j in n; some k in n; some l in n; a + b + c + d + e + f + g + h + i + j + k + l < 0])`

func TestBombTimesOut(t *testing.T) {
	t.Parallel()
	_, err := tiny(t, bomb, time.Millisecond).Decide(t.Context(), ownQuery())
	if exchange.CodeOf(err) != exchange.PolicyUnavailable || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

func TestCallerGoesAway(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, rule := range []string{bomb, whole + "result := good"} {
		_, err := tiny(t, rule, time.Minute).Decide(ctx, wantedXY())
		if exchange.CodeOf(err) != exchange.PolicyUnavailable || !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	}
}

func TestSimilarityMustBeANumber(t *testing.T) {
	t.Parallel()
	engine := sharedEngine(t)
	for _, similarity := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		request := ownQuery()
		request.Authentications[0].Similarity = &similarity
		unavailable(t, engine, request)
	}
}
