package policies_test

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// inOrder is a licence that nothing of the licence itself stands against.
func inOrder() exchange.StudyQuestion {
	points := 6
	return exchange.StudyQuestion{Now: noon, Platform: "jiaoguan12123", Status: "A", Points: &points, Probation: "2"}
}

// TestNeverEligibleWithAnUnknown: whatever facts are left out, nobody is eligible while one ground cannot be told, and what stands
// against decides, whatever else is known.
func TestNeverEligibleWithAnUnknown(t *testing.T) {
	t.Parallel()
	engine := sharedEngine(t)
	no, zero := false, 0
	for left := range 1 << 9 {
		question := inOrder()
		question.Police = exchange.PoliceFacts{
			OpenViolations: &no, Reduced: &zero, RepeatedFullStudy: &no, GravePenalty: &no, VehicleOverdue: &no, CheatedInEducation: &no,
		}
		for i, leaveOut := range []func(){
			func() { question.Status = "" }, func() { question.Points = nil }, func() { question.Probation = "" },
			func() { question.Police.OpenViolations = nil }, func() { question.Police.Reduced = nil },
			func() { question.Police.RepeatedFullStudy = nil }, func() { question.Police.GravePenalty = nil },
			func() { question.Police.VehicleOverdue = nil }, func() { question.Police.CheatedInEducation = nil },
		} {
			if left&(1<<i) != 0 {
				leaveOut()
			}
		}
		got, err := engine.JudgeStudy(t.Context(), question)
		want := exchange.StudyCannotTell
		if left == 0 {
			want = exchange.StudyEligible
		}
		if err != nil || got.Verdict != want || got.Revision != engine.Revision() || len(got.Grounds) != 10 || len(got.Ways) != 3 {
			t.Fatalf("%09b left out: %+v, %v", left, got, err)
		}
		question.Status += "D"
		if got, err := engine.JudgeStudy(t.Context(), question); err != nil || got.Verdict != exchange.StudyNotEligible || got.Most != nil {
			t.Fatalf("%09b left out, suspended: %+v, %v", left, got, err)
		}
	}
}

// TestMalformedVerdicts: a verdict that does not follow from its grounds is none.
func TestMalformedVerdicts(t *testing.T) {
	t.Parallel()
	const good = `good := {"verdict": "cannotTell", "text": {"zh": "a", "en": "a"}, "basis": "b", "from": "2022-04-01", "ways": [], "notes": [],
	"grounds": [{"code": "a", "article": "1", "state": "unknown", "why": "police", "from": [], "police": true, "zh": "a", "en": "a"}]}

`
	for name, rule := range map[string]string{
		"undefined":           `result := good if input.platform == "nobody"`,
		"no object":           `result := [good]`,
		"a member too many":   `result := object.union(good, {"extra": 1})`,
		"eligible regardless": `result := object.union(good, {"verdict": "eligible"})`,
		"no grounds":          `result := object.union(good, {"verdict": "eligible", "grounds": []})`,
		"no such verdict":     `result := object.union(good, {"verdict": "perhaps"})`,
		"no such state":       `result := object.union(good, {"grounds": [object.union(good.grounds[0], {"state": "perhaps"})]})`,
		"unknown and known":   `result := object.union(good, {"grounds": [object.union(good.grounds[0], {"why": "known"})]})`,
		"no day":              `result := object.union(good, {"from": "yesterday"})`,
		"fewer than none":     `result := object.union(good, {"most": -1})`,
		"against, not said":   `result := object.union(good, {"grounds": [object.union(good.grounds[0], {"state": "against", "why": "known"})]})`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			engine := onlyFile(t, "study.rego", "package zhengqiao.study\n\n"+good+rule+"\n")
			if got, err := engine.JudgeStudy(t.Context(), inOrder()); exchange.CodeOf(err) != exchange.PolicyUnavailable {
				t.Errorf("verdict %+v, error %v", got, err)
			}
		})
	}
	if _, err := onlyFile(t, "study.rego", "package zhengqiao.study\n\n"+good+"result := good\n").JudgeStudy(t.Context(), inOrder()); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

// onlyFile makes an engine of the built-in data and one rule file.
func onlyFile(t *testing.T, path, content string) *policies.Engine {
	t.Helper()
	engine, err := policies.New(builtInFiles(t, "data", map[string]string{path: content, "data/reasons.yaml": "reasons: {a: {zh: 甲, en: a}}\n"}),
		policies.Options{NewHash: sha256.New, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// TestMalformedTerms: terms of emergency access that are not whole are a refusal.
func TestMalformedTerms(t *testing.T) {
	t.Parallel()
	const good = `good := {"allow": true, "reasons": set(), "secondPerson": false, "confirmMinutes": 5, "queries": 3, "unit": "u", "fields": ["name"]}

`
	question := exchange.BreakGlassQuestion{Now: noon, Action: exchange.BreakGlassOpen, Operator: "li"}
	for name, rule := range map[string]string{
		"undefined":             `result := good if input.operator == "nobody"`,
		"no object":             `result := [good]`,
		"refused without one":   `result := object.union(good, {"allow": false})`,
		"allowed with a reason": `result := object.union(object.remove(good, ["reasons"]), {"reasons": {{"code": "a", "rule": "r"}}})`,
		"no second person":      `result := object.remove(good, ["secondPerson"])`,
		"no time to confirm":    `result := object.union(good, {"confirmMinutes": 0})`,
		"no questions":          `result := object.union(good, {"queries": 0})`,
		"no fields":             `result := object.union(good, {"fields": []})`,
		"fields are a set":      `result := object.union(object.remove(good, ["fields"]), {"fields": {"name"}})`,
		"a field is no text":    `result := object.union(good, {"fields": [1]})`,
		"no unit":               `result := object.remove(good, ["unit"])`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			engine := onlyFile(t, "breakglass.rego", "package zhengqiao.breakglass\n\n"+good+rule+"\n")
			if got, err := engine.JudgeBreakGlass(t.Context(), question); exchange.CodeOf(err) != exchange.PolicyUnavailable {
				t.Errorf("terms %+v, error %v", got, err)
			}
		})
	}
	got, err := onlyFile(t, "breakglass.rego", "package zhengqiao.breakglass\n\n"+good+"result := good\n").JudgeBreakGlass(t.Context(), question)
	if err != nil || len(got.Reasons) != 0 || got.Queries != 3 || got.Unit != "u" || len(got.Fields) != 1 {
		t.Errorf("the good one: %+v, %v", got, err)
	}
}
