package policies_test

import (
	"slices"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

func TestEveryRuleHasATitleInBothLanguages(t *testing.T) {
	t.Parallel()
	engine := sharedEngine(t)
	for rule, want := range map[string]exchange.Text{
		"zhengqiao.fields.assured": {ZH: "可见项", EN: "Fields"}, "zhengqiao.freshness.terms": {ZH: "数据时效", EN: "Freshness"},
		"zhengqiao.unheard.of": {ZH: "zhengqiao.unheard.of", EN: "zhengqiao.unheard.of"},
	} {
		if got := engine.Title(rule); got != want {
			t.Errorf("%s: %+v, want %+v", rule, got, want)
		}
	}
	for _, chapter := range engine.About().Chapters {
		if chapter.Package == "zhengqiao.console" { // whose rules no platform hears of
			continue
		}
		if title := engine.Title(chapter.Package + ".rule"); title.ZH == title.EN {
			t.Errorf("%s has one title for both languages: %s", chapter.File, title.ZH)
		}
	}
}

func TestProofsRise(t *testing.T) {
	t.Parallel()
	want := []policies.Proof{{"phone", "phone"}, {"account", "account"}, {"sms", "sms"}, {"voice", "sms"}, {"bankcard", "bankcard"}, {"face", "face"}}
	if got := sharedEngine(t).Proofs(); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if _, ok := sharedEngine(t).Reason("assurance_too_low"); !ok {
		t.Error("a reason of the catalogue is not known")
	}
	if _, ok := sharedEngine(t).Reason("no_such"); ok {
		t.Error("a reason that isn't there is known")
	}
}

// TestReadsAreFoundInTheRules: what decisions depend on is listed, also what a new rule reads, and what no input has is told.
func TestReadsAreFoundInTheRules(t *testing.T) {
	t.Parallel()
	reads := sharedEngine(t).Reads()
	for _, want := range []string{"platform", "purpose.code", "purpose.operator", "subjectAge", "authentications", "fields", "maxAge"} {
		if !slices.Contains(reads, want) {
			t.Errorf("%s is not in %v", want, reads)
		}
	}
	for _, read := range reads {
		if !policies.InputKnown(read) {
			t.Errorf("%s is in no input", read)
		}
	}
	if slices.Contains(reads, "purpose.case") || policies.InputKnown("delegation") || policies.InputKnown("purpose.delegation") || !policies.InputKnown("now") {
		t.Errorf("reads %v", reads)
	}
}

// TestLikeRequestsAreDecidedAlike: the text by which requests are alike is the same for two that differ in what no rule reads.
func TestLikeRequestsAreDecidedAlike(t *testing.T) {
	t.Parallel()
	engine, one, other := sharedEngine(t), ownQuery(), ownQuery()
	other.Purpose.MatterName, other.SubjectAge = "另一事项", 50
	older := ownQuery()
	older.SubjectAge = 7
	var texts []string
	for _, request := range []exchange.DecisionRequest{one, other, older} {
		text, ok, err := engine.Likeness(t.Context(), request)
		if err != nil || !ok {
			t.Fatalf("%v, %v", ok, err)
		}
		texts = append(texts, text)
	}
	if texts[0] != texts[1] || texts[0] == texts[2] {
		t.Errorf("%q", texts)
	}
}
