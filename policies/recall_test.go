package policies_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// TestRecalledAsWritten: whatever was settled at load or decided before, each request is decided as the rules are written.
func TestRecalledAsWritten(t *testing.T) {
	t.Parallel()
	written, err := policies.AsWritten(t.Context(), policies.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	engine := sharedEngine(t)
	rapid.Check(t, func(t *rapid.T) {
		request := drawRequest(t)
		want := mustDecide(t, written, request)
		later := request
		later.Now = request.Now.Add(time.Hour)
		later.Authentications = nil
		for _, a := range request.Authentications {
			a.At = a.At.Add(time.Hour)
			later.Authentications = append(later.Authentications, a)
		}
		later.Behalf = afterAnHour(request.Behalf)
		for _, same := range []exchange.DecisionRequest{request, later} {
			if got := mustDecide(t, engine, same); !reflect.DeepEqual(got, want) {
				t.Fatalf("decided %+v, as written %+v", got, want)
			}
		}
	})
}

// afterAnHour gives the same grant with all its moments an hour later.
func afterAnHour(b *exchange.BehalfFacts) *exchange.BehalfFacts {
	if b == nil {
		return nil
	}
	later := *b
	if !b.From.IsZero() {
		later.From, later.Until = b.From.Add(time.Hour), b.Until.Add(time.Hour)
	}
	return &later
}

// TestGrantsEndWhileRecalled: that a grant was in force is not recalled a moment longer than it is, and grants alike are decided once.
func TestGrantsEndWhileRecalled(t *testing.T) {
	t.Parallel()
	engine := newEngine(t, policies.Embedded())
	request := ownQuery()
	request.Wanted = []exchange.Field{"points"}
	for _, moment := range []struct {
		after time.Duration
		code  string
	}{
		{-time.Millisecond, "grant_not_yet_in_force"}, {0, ""}, {time.Second, ""}, {time.Hour - time.Millisecond, ""},
		{time.Hour, "grant_expired"}, {time.Hour + time.Millisecond, "grant_expired"},
	} {
		request.Behalf = &exchange.BehalfFacts{
			Relation: exchange.Delegate, AgentAge: 40, From: noon, Until: noon.Add(time.Hour),
			Scope: &exchange.Scope{Purposes: []string{"self-query"}, Operations: []exchange.Operation{exchange.LicenceQuery}, Fields: request.Wanted},
		}
		request.Now = noon.Add(moment.after)
		request.Authentications[0].At = request.Now.Add(-time.Minute)
		got, err := engine.Decide(t.Context(), request)
		if err != nil || got.Allow != (moment.code == "") || !got.Allow && got.Reasons[0].Code != moment.code {
			t.Errorf("after %v: %+v, error %v", moment.after, got, err)
		}
	}
	if recalls, kept := engine.Recalls(); !recalls || kept != 3 {
		t.Errorf("recalls %v, keeps %d decisions", recalls, kept)
	}
}

// TestOldRulesKnowNoAgents: rules that don't ask who asks take an agent's authentication for the person's, so they decide nothing then.
func TestOldRulesKnowNoAgents(t *testing.T) {
	t.Parallel()
	engine := newEngine(t, small(t, "input.vehicles == 0", map[string]string{}))
	request := wantedXY()
	if got, err := engine.Decide(t.Context(), request); err != nil || !got.Allow {
		t.Fatalf("%+v, error %v", got, err)
	}
	request.Behalf = &exchange.BehalfFacts{Relation: exchange.Guardian, AgentAge: 40}
	unavailable(t, engine, request)
}

// TestLikeRequestsAreRecalled: what a rule doesn't distinguish is decided once.
func TestLikeRequestsAreRecalled(t *testing.T) {
	t.Parallel()
	engine := newEngine(t, policies.Embedded())
	for i := range 20 {
		request := ownQuery()
		request.Now = noon.Add(time.Duration(i) * time.Minute)
		request.Authentications[0].At = request.Now.Add(-time.Duration(i) * time.Second)
		request.SubjectAge, request.Vehicles, request.FileNumber = 30+i, i%3, i%2 == 0
		request.Purpose.Matter, request.Purpose.MatterName = fmt.Sprint("m", i), fmt.Sprint("n", i)
		got, err := engine.Decide(t.Context(), request)
		if err != nil || !got.Allow {
			t.Fatalf("decision %+v, error %v", got, err)
		}
		clear(got.Grants) // which is this caller's own
		got.Rules[0] = "spoilt"
	}
	if recalls, kept := engine.Recalls(); !recalls || kept != 1 {
		t.Errorf("recalls %v, keeps %d decisions", recalls, kept)
	}
	got, err := engine.Decide(t.Context(), ownQuery())
	if err != nil || len(got.Grants) != 30 || got.Rules[0] == "spoilt" {
		t.Errorf("decision %+v, error %v", got, err)
	}
}

// TestPartsSayWhereTheyEnd: what one part writes can't be taken for what another does, so two requests of one text are decided alike.
func TestPartsSayWhereTheyEnd(t *testing.T) {
	t.Parallel()
	none, one, minute := -time.Nanosecond, 0.5, time.Minute
	for name, pair := range map[string][2]exchange.DecisionRequest{
		"purpose":       {{Purpose: exchange.Purpose{Matter: "a", MatterName: "bc"}}, {Purpose: exchange.Purpose{Matter: "ab", MatterName: "c"}}},
		"a digit moved": {{Purpose: exchange.Purpose{Matter: "", MatterName: "0 "}}, {Purpose: exchange.Purpose{Matter: "0 ", MatterName: ""}}},
		"no bound":      {{Wanted: []exchange.Field{"a"}}, {Wanted: []exchange.Field{"a"}, MaxAge: &none}},
		"fields":        {{Operation: "a"}, {Operation: "a", Wanted: []exchange.Field{"a"}}},
		"stated":        {{Purpose: exchange.Purpose{Case: " "}}, {Purpose: exchange.Purpose{Case: "c"}}},
		"similarity":    {{Authentications: []exchange.Authentication{{Method: "m"}}}, {Authentications: []exchange.Authentication{{Method: "m", Similarity: &one}}}},
		"nobody else":   {{}, {Behalf: &exchange.BehalfFacts{}}},
		"the agent":     {{Behalf: &exchange.BehalfFacts{AgentAge: 1}}, {Behalf: &exchange.BehalfFacts{AgentIsSubject: true, AgentAge: 1}}},
		"one end":       {{Now: noon, Behalf: &exchange.BehalfFacts{From: noon}}, {Now: noon, Behalf: &exchange.BehalfFacts{Until: noon}}},
		"no scope":      {{Behalf: &exchange.BehalfFacts{}}, {Behalf: &exchange.BehalfFacts{Scope: &exchange.Scope{}}}},
		"lists":         {{Behalf: &exchange.BehalfFacts{Scope: &exchange.Scope{Purposes: []string{"a"}}}}, {Behalf: &exchange.BehalfFacts{Scope: &exchange.Scope{Fields: []exchange.Field{"a"}}}}},
		"authenticated": {{Authentications: []exchange.Authentication{{Method: "m", At: noon}}, Now: noon}, {Authentications: []exchange.Authentication{{Method: "m", At: noon}}, Now: noon.Add(minute)}},
	} {
		if first, second := policies.AllParts(&pair[0]), policies.AllParts(&pair[1]); first == second {
			t.Errorf("%s: both write %q", name, first)
		}
	}
}

// TestAgeIsRoundedAwayFromZero: a window of whole seconds is kept to the millisecond.
func TestAgeIsRoundedAwayFromZero(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]string{
		-time.Millisecond: "none", 0: "sms", time.Millisecond: "sms", 15 * time.Minute: "sms", 15*time.Minute + time.Millisecond: "none",
		-24 * time.Hour: "none", 24 * time.Hour: "none", 200 * 365 * 24 * time.Hour: "none",
	} {
		request := ownQuery()
		request.Authentications = []exchange.Authentication{{Method: "sms", Provider: "p", At: noon.Add(-age)}}
		if got, err := sharedEngine(t).Decide(t.Context(), request); err != nil || got.Assurance != want {
			t.Errorf("%v old: %s, %v, want %s", age, got.Assurance, err, want)
		}
	}
}

// TestWhatRulesReadIsNoticed: a rule that reads more than the premises is decided by what it reads, however it reads it.
func TestWhatRulesReadIsNoticed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		condition, request string
		recalls            bool
	}{
		"a member":              {`input.vehicles == 2`, `seen := 1`, true},
		"a member in brackets":  {`input["vehicles"] == 2`, `seen := 1`, true},
		"a text":                {`input.purpose.case == "two"`, `seen := 1`, true},
		"all of the purpose":    {`"two" in {text | some text in input.purpose}`, `seen := 1`, true},
		"a name worked out":     {"{\n\tsome name in [\"vehicles\"]\n\tinput[name] == 2\n}", `seen := 1`, false},
		"all of the input":      {`object.get(input, "vehicles", 0) == 2`, `seen := 1`, false},
		"the moment":            {`input.now % 10 == 2`, `seen := 1`, false},
		"authentications":       {"{\n\tsome a in input.authentications\n\ta.provider == \"two\"\n}", `seen := 1`, false},
		"a premise":             {`data.zhengqiao.request.two`, `two if input.vehicles == 2`, true},
		"a premise of the time": {`data.zhengqiao.request.two`, `two if input.now % 10 == 2`, true},
		"a premise of premises": {`data.zhengqiao.request.two`, "two if one == 1\n\none := input.vehicles - 1", true},
		"a premise with else":   {`data.zhengqiao.request.n == 2`, "n := 1 if input.vehicles == 0\n\nelse := input.vehicles", true},
		"a default premise":     {`data.zhengqiao.request.two`, "default two := false\n\ntwo if input.vehicles == 2", true},
		"a set of premises":     {`2 in data.zhengqiao.request.all`, `all contains input.vehicles`, true},
		"all premises":          {`data.zhengqiao.request.two`, "two if input.vehicles == 2\n\nother if input.now > 0", true},
		"a function":            {`data.zhengqiao.request.is(2)`, "is(n) if input.vehicles == n\n\nseen := 1", true},
		"another input":         {`data.zhengqiao.request.two with input.vehicles as input.subjectAge`, `two if input.vehicles == 2`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			engine := newEngine(t, small(t, c.condition, map[string]string{"request.rego": "package zhengqiao.request\n\n" + c.request + "\n"}))
			if recalls, _ := engine.Recalls(); recalls != c.recalls {
				t.Errorf("recalls %v", recalls)
			}
			one, two := wantedXY(), wantedXY()
			two.Vehicles, two.SubjectAge, two.Purpose.Case, two.Now = 2, 2, "two", noon.Add(2*time.Millisecond)
			two.Authentications[0].Provider = "two"
			for i, request := range []exchange.DecisionRequest{one, two, one, two} {
				got, err := engine.Decide(t.Context(), request)
				if err != nil || got.Allow != (i%2 == 1) {
					t.Errorf("request %d: allow %v, error %v", i, got.Allow, err)
				}
			}
		})
	}
}
