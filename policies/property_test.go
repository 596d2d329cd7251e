package policies_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// drawRequest makes requests that are in order in most of their parts.
func drawRequest(t *rapid.T) exchange.DecisionRequest {
	operation := exchange.Operation(mostly(t, "operation", "licence.query", "violations.query", "violations.picture", "licence.delete"))
	request := exchange.DecisionRequest{
		Now: noon, Operation: operation,
		Platform:   oneOf(t, "platform", "suishenban", "zheliban", "suihaoban", "jiaoguan12123", "wechat-city", "thirdparty-mini", "nobody"),
		Region:     exchange.Region(mostly(t, "region", "310000", "330000", "440000", "650000", "")),
		SubjectAge: 35,
		Vehicles:   rapid.SampledFrom([]int{0, 1, 10, 10, 11}).Draw(t, "vehicles"),
		Purpose: exchange.Purpose{
			Code:       oneOf(t, "purpose", "self-query", "self-query", "licence-business", "violation-handling", "qualification-check", "reminder", "curiosity"),
			Matter:     mostly(t, "matter", "m", ""),
			Case:       mostly(t, "case", "c", ""),
			Operator:   mostly(t, "operator", "clerk", "self", ""),
			Unit:       mostly(t, "unit", "310000000000", "1", ""),
			LegalBasis: mostly(t, "basis", "consent", "PIPL-13-1", "PIPL-13-3", "because"),
		},
		Authentications: rapid.SliceOfN(rapid.Custom(drawAuthentication), 1, 3).Draw(t, "authentications"),
		Wanted:          rapid.SliceOfN(rapid.SampledFrom(someFields(operation)), 0, 5).Draw(t, "wanted"),
	}
	if mostly(t, "age", "adult", "child") == "child" {
		request.SubjectAge = rapid.IntRange(-1, 14).Draw(t, "years")
	}
	if mostly(t, "bound", "no", "yes") == "yes" {
		bound := time.Duration(rapid.IntRange(-1, 1_000_000).Draw(t, "maxAge")) * time.Second
		request.MaxAge = &bound
	}
	if mostly(t, "who asks", "the person", "somebody else") == "somebody else" {
		request.Behalf = drawBehalf(t, operation)
		request.SubjectAge = rapid.SampledFrom([]int{5, 13, 14, 17, 18, 35}).Draw(t, "years of the person")
	}
	return request
}

// drawBehalf makes what somebody shows who asks in the person's place, in order in most of its parts.
func drawBehalf(t *rapid.T, operation exchange.Operation) *exchange.BehalfFacts {
	given := &exchange.BehalfFacts{
		Relation: exchange.Relation(oneOf(t, "relation", "guardian", "delegate")), AgentAge: rapid.SampledFrom([]int{17, 18, 40, 40}).Draw(t, "agent"),
		AgentIsSubject: mostly(t, "agent is", "other", "same") == "same",
	}
	if mostly(t, "term", "stated", "not") == "stated" {
		given.From = noon.Add(-time.Duration(rapid.IntRange(-1, 3000).Draw(t, "since")) * time.Second)
		given.Until = noon.Add(time.Duration(rapid.IntRange(-1, 3000).Draw(t, "left")) * time.Millisecond)
	}
	if mostly(t, "scope", "stated", "not") == "stated" {
		given.Scope = &exchange.Scope{
			Purposes:   rapid.SliceOfN(rapid.SampledFrom([]string{"self-query", "licence-business"}), 0, 2).Draw(t, "purposes"),
			Operations: []exchange.Operation{operation},
			Fields:     rapid.SliceOfN(rapid.SampledFrom(someFields(operation)), 0, 5).Draw(t, "fields of the grant"),
		}
	}
	return given
}

func oneOf(t *rapid.T, label string, values ...string) string {
	return rapid.SampledFrom(values).Draw(t, label)
}

// mostly draws the first value nine times in ten.
func mostly(t *rapid.T, label, usual string, others ...string) string {
	return oneOf(t, label, append(slices.Repeat([]string{usual}, 9*len(others)), others...)...)
}

func someFields(operation exchange.Operation) []exchange.Field {
	return append(exchange.Fields(operation), "bloodType", "fieldOfTomorrow")
}

func drawAuthentication(t *rapid.T) exchange.Authentication {
	a := exchange.Authentication{
		Method:   oneOf(t, "method", "phone", "account", "sms", "voice", "bankcard", "face", "palm"),
		Provider: oneOf(t, "provider", "demo-face", "wechat"),
		At:       noon.Add(-time.Minute),
	}
	if mostly(t, "when", "just now", "some time") != "just now" {
		a.At = noon.Add(-time.Duration(rapid.IntRange(-60, 1000).Draw(t, "age of authentication")) * time.Second)
	}
	if mostly(t, "scored", "no", "yes") == "yes" {
		similarity := rapid.Float64Range(-1, 2).Draw(t, "similarity")
		a.Similarity = &similarity
	}
	return a
}

func mustDecide(t *rapid.T, engine *policies.Engine, request exchange.DecisionRequest) exchange.Decision {
	got, err := engine.Decide(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestEveryRequestHasADecision: no request leaves the rules without an answer, the answer is whole (a contradiction would be an
// error), the same request gets the same answer, and what no rule names is never granted.
func TestEveryRequestHasADecision(t *testing.T) {
	t.Parallel()
	engine := sharedEngine(t)
	rapid.Check(t, func(t *rapid.T) {
		request := drawRequest(t)
		first, again := mustDecide(t, engine, request), mustDecide(t, engine, request)
		if !reflect.DeepEqual(first, again) {
			t.Fatalf("%+v, then %+v", first, again)
		}
		for _, field := range []exchange.Field{"bloodType", "fieldOfTomorrow"} {
			if _, granted := first.Grants[field]; granted {
				t.Fatalf("%s is granted", field)
			}
		}
		onlyWanted(t, request, first)
		onlyGranted(t, request, first)
	})
}

func onlyWanted(t *rapid.T, request exchange.DecisionRequest, got exchange.Decision) {
	if len(request.Wanted) == 0 {
		return
	}
	wanted := map[exchange.Field]bool{}
	for _, field := range request.Wanted {
		wanted[field] = true
	}
	for field := range got.Grants {
		if !wanted[field] {
			t.Fatalf("%s is granted and was not wanted", field)
		}
	}
	for _, w := range got.Withheld {
		if !wanted[w.Field] {
			t.Fatalf("%s is listed and was not wanted", w.Field)
		}
	}
}

// onlyGranted: a delegate sees nothing outside of a grant that is in force.
func onlyGranted(t *rapid.T, request exchange.DecisionRequest, got exchange.Decision) {
	b := request.Behalf
	if b == nil || b.Relation != exchange.Delegate || !got.Allow {
		return
	}
	if b.Scope == nil || b.From.After(request.Now) || !b.Until.After(request.Now) || b.AgentIsSubject || request.SubjectAge < 18 {
		t.Fatalf("allowed for %+v", b)
	}
	for field := range got.Grants {
		if !slices.Contains(b.Scope.Fields, field) || field == "address" || field == "phone" || field == "picture" {
			t.Fatalf("a delegate sees %s", field)
		}
	}
}

// TestMoreAssuranceShowsNoLess: one more authentication never takes a field away and never refuses what was allowed. The one
// exception is meant, and has a case: a score by who passed somebody without one.
func TestMoreAssuranceShowsNoLess(t *testing.T) {
	t.Parallel()
	engine := sharedEngine(t)
	rapid.Check(t, func(t *rapid.T) {
		request := drawRequest(t)
		before := mustDecide(t, engine, request)
		more := drawAuthentication(t)
		if more.Similarity != nil {
			more.Provider = "demo-face"
		}
		request.Authentications = append(request.Authentications, more)
		after := mustDecide(t, engine, request)
		if before.Allow && !after.Allow {
			t.Fatalf("refused with more: %v", after.Reasons)
		}
		for field, mask := range before.Grants {
			if openness(after.Grants[field]) < openness(mask) {
				t.Fatalf("%s was shown as %s and is now %q", field, mask, after.Grants[field])
			}
		}
	})
}

// openness orders the masks of one field; a field that is not granted has none.
func openness(m exchange.Mask) int {
	switch m {
	case exchange.MaskNone:
		return 3
	case exchange.MaskOrdinary:
		return 2
	case "":
		return 0
	}
	return 1
}

// TestSomeDrawnRequestsAreAllowed keeps the properties above from being true of refusals only.
func TestSomeDrawnRequestsAreAllowed(t *testing.T) {
	t.Parallel()
	engine := sharedEngine(t)
	allowed := 0
	generator := rapid.Custom(drawRequest)
	for seed := range 400 {
		got, err := engine.Decide(t.Context(), generator.Example(seed))
		if err != nil {
			t.Fatal(err)
		}
		if got.Allow {
			allowed++
		}
	}
	if allowed < 30 {
		t.Errorf("%d of 400 are allowed", allowed)
	}
}
