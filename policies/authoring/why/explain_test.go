package why_test

import (
	"crypto/sha256"
	"testing"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/authoringtest"
	"github.com/zhengqiao/zhengqiao/policies/authoring/casebook"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
	"github.com/zhengqiao/zhengqiao/policies/authoring/why"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type members = map[string]any

// TestWhatWasInTheWay: for each reason, the rule that came nearest and the first condition in it that failed, with its values.
func TestWhatWasInTheWay(t *testing.T) {
	t.Parallel()
	base := members{
		"operation": "licence.query", "platform": "suishenban", "region": "310000", "age": 35,
		"purpose":         members{"code": "self-query", "matter": "m", "operator": "self", "legalBasis": "consent"},
		"authentications": []any{members{"method": "face", "at": 60, "similarity": 0.97}},
	}
	scope := members{"purposes": []any{"self-query"}, "operations": []any{"licence.query"}, "fields": []any{"points", "phone"}}
	sms := []any{members{"method": "sms", "at": 60}}
	program := shipped(t)
	for name, c := range map[string]struct {
		change                                        members
		code, field, rule, condition, variable, value string
	}{
		"platform":         {members{"platform": "nobody"}, "unknown_platform", "", "zhengqiao.table.offers", "some platform, registered in data.platforms", "platform", `"nobody"`},
		"basis":            {members{"purpose": members{"legalBasis": "because"}}, "legal_basis_not_accepted", "", "zhengqiao.purpose.lawful", "offer.terms.legalBases[input.purpose.legalBasis]", "input.purpose.legalBasis", `"because"`},
		"incomplete":       {members{"purpose": members{"matter": ""}}, "purpose_incomplete", "", "zhengqiao.purpose.reasons", "count(missing) > 0", "", ""},
		"grant":            {members{"behalf": members{"relation": "delegate", "age": 40, "from": 2, "until": -1, "scope": scope}}, "grant_expired", "", "zhengqiao.behalf.reasons", "asked.term == \"over\"", "", ""},
		"field, grant":     {members{"behalf": members{"relation": "delegate", "age": 40, "from": 2, "until": 1, "scope": scope}}, "grant_other_field", "classes", "zhengqiao.behalf.closed", "not field in asked.fields", "field", `"classes"`},
		"field, agent":     {members{"behalf": members{"relation": "delegate", "age": 40, "from": 2, "until": 1, "scope": scope}}, "not_for_agent", "phone", "zhengqiao.behalf.closed", "data.fields[field].sensitivity in terms.hidden", "", ""},
		"age":              {members{"age": 13}, "guardian_required", "", "zhengqiao.request.of_age", "input.subjectAge >= data.limits.ageOfConsent", "input.subjectAge", "13"},
		"vehicles":         {members{"vehicles": 11}, "too_many_vehicles", "", "zhengqiao.request.few_vehicles", "input.vehicles <= data.limits.vehicles", "input.vehicles", "11"},
		"freshness":        {members{"platform": "wechat-city", "maxAge": 5}, "freshness_below_tier", "", "zhengqiao.freshness.terms", "input.maxAge >= offer.terms.floor", "input.maxAge", "5"},
		"assurance":        {members{"authentications": []any{members{"method": "phone", "at": 60}}}, "assurance_too_low", "", "zhengqiao.assurance.enough", "reached.rank >= region.terms.need", "", ""},
		"province":         {members{"region": "330000", "purpose": members{"code": "reminder"}}, "cross_province_not_allowed", "", "zhengqiao.region.terms", "offer.terms.region in {input.region, \"000000\"}", "input.region", `"330000"`},
		"field, assurance": {members{"authentications": sms}, "assurance_too_low", "phone", "zhengqiao.fields.assured", "table.ranks[request.level] >= lowest(request, field)", "field", `"phone"`},
		"field, purpose":   {members{"purpose": members{"code": "reminder"}}, "not_for_purpose", "phone", "zhengqiao.fields.needed", "field in data.purposes[request.purpose].fields", "field", `"phone"`},
		"field, platform":  {members{"platform": "thirdparty-mini"}, "not_for_platform", "phone", "zhengqiao.fields.within", "field in list", "field", `"phone"`},
		"field, no rule":   {members{"wanted": []any{"bloodType", "points"}}, "no_rule", "bloodType", "zhengqiao.fields.named", "field in purpose.fields", "field", `"bloodType"`},
		"field, operation": {members{"wanted": []any{"picture", "points"}}, "no_rule", "picture", "zhengqiao.table.shown", "operation in entry.operations", "", ""},
	} {
		t.Run(name, func(t *testing.T) { // one after the other: the program is for one goroutine at a time
			got := obstacle(t, program, casebook.Overlay(base, c.change), c.code, c.field)
			if got.Nearest == nil || got.Condition == nil {
				t.Fatalf("nothing was in the way: %+v", got)
			}
			if got.Nearest.Name != c.rule || got.Condition.Text != c.condition || got.Condition.Values[c.variable] != c.value {
				t.Errorf("nearest %+v, condition %+v, want %s: %s with %s = %s", *got.Nearest, *got.Condition, c.rule, c.condition, c.variable, c.value)
			}
			if got.Text.ZH == "" || got.Text.EN == "" || got.Condition.Place == "" {
				t.Errorf("no words or no place: %+v", got)
			}
		})
	}
}

// shipped gives the policies of the repository, compiled: that takes seconds under the race detector, so it is done once.
func shipped(t *testing.T) *trial.Program {
	t.Helper()
	draft, err := policies.ReadDraft(authoringtest.Shipped(t), sha256.New)
	if err != nil {
		t.Fatal(err)
	}
	program, err := trial.New(t.Context(), draft, nil)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

func obstacle(t *testing.T, program *trial.Program, request members, code, field string) why.Obstacle {
	t.Helper()
	asked, err := casebook.Request(request)
	if err != nil {
		t.Fatal(err)
	}
	question, err := trial.NewQuestion(*asked)
	if err != nil {
		t.Fatal(err)
	}
	explained, err := why.Explain(t.Context(), program, question)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range append(explained.Reasons, explained.Withheld...) {
		if one.Code == code && string(one.Field) == field {
			return one
		}
	}
	t.Fatalf("no obstacle %s %s in %+v", code, field, explained)
	return why.Obstacle{}
}
