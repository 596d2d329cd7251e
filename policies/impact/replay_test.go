package impact_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

// TestTheSamePoliciesChangeNothing: whatever was asked and recorded, the record holds all that the decision depended on. The same
// policies decide it again as they did, from the memory of the engine or not, and differ from themselves in nothing.
func TestTheSamePoliciesChangeNothing(t *testing.T) {
	t.Parallel()
	engine := inForce(t)
	rapid.Check(t, func(t *rapid.T) {
		records := &book{}
		asked := broker(engine, records)
		for i := range rapid.IntRange(1, 20).Draw(t, "queries") {
			_, _ = asked.Query(t.Context(), drawQuery(t, i)) // refused or without a source; either is recorded
		}
		replay := impact.New(engine, engine)
		inputs := records.inputs(t)
		for _, in := range inputs {
			if text, err := json.Marshal(in); err != nil || strings.Contains(string(text), grantID) || strings.Contains(string(text), agentName) {
				t.Fatalf("an input tells who asked: %s, error %v", text, err)
			}
			if err := replay.Add(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		report := replay.Report()
		if !report.Same() || len(report.Changes) > 0 || report.Replayed != len(records.stored) || report.Widens {
			t.Fatalf("%+v of %d records", report, len(records.stored))
		}
	})
}

// asked gives the input of one query of 随申办 on record.
func asked(t *testing.T, id string, change func(*exchange.Query)) *impact.Input {
	t.Helper()
	similarity := 0.97
	number, err := exchange.ParseIDNumber("11010519491231002X", noon)
	if err != nil {
		t.Fatal(err)
	}
	q := &exchange.Query{
		ID: id, Operation: exchange.LicenceQuery, Region: "310000", Received: noon, Caller: exchange.Caller{Platform: "suishenban"},
		Subject:         exchange.Subject{IDNumber: number},
		Purpose:         exchange.Purpose{Code: "self-query", Matter: "310100001", Operator: "self", LegalBasis: "consent", Case: "B-1"},
		Authentications: []exchange.Authentication{{Method: "face", Provider: "demo-face", At: noon.Add(-time.Minute), Similarity: &similarity}},
	}
	if change != nil {
		change(q)
	}
	records := &book{}
	_, _ = broker(inForce(t), records).Query(t.Context(), q)
	return records.inputs(t)[0]
}

func replayed(t *testing.T, candidate *policies.Engine, inputs ...*impact.Input) *impact.Report {
	t.Helper()
	replay := impact.New(inForce(t), candidate)
	for _, in := range inputs {
		if err := replay.Add(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	return replay.Report()
}

func TestAFieldTakenAwayIsLostAndNothingElse(t *testing.T) {
	t.Parallel()
	candidate := newEngine(t, edited(t, "data/platforms.yaml", "    operations: [licence.query, violations.query, violations.picture, study.eligibility, changes.deliver]\n    purposes:",
		"    operations: [licence.query, violations.query, violations.picture, study.eligibility, changes.deliver]\n    fields: [status, name]\n    purposes:"))
	report := replayed(t, candidate, asked(t, "a", nil), asked(t, "b", nil))
	if report.Widens || report.Same() || report.Changed != 2 || report.Distinct != 1 {
		t.Fatalf("%+v", report)
	}
	for _, change := range report.Changes {
		if change.Kind != impact.FieldLost || change.Count != 2 || !slices.Equal(change.Samples, []string{"a", "b"}) || change.Field == "status" {
			t.Errorf("%+v", change)
		}
	}
	if len(report.Changes) < 10 {
		t.Errorf("%d fields lost", len(report.Changes))
	}
}

func TestARefusalThatOpensIsTold(t *testing.T) {
	t.Parallel()
	candidate := newEngine(t, edited(t, "data/platforms.yaml", "self-query: {home: account, away: bankcard}", "self-query: {home: phone, away: bankcard}"))
	unproven := asked(t, "a", func(q *exchange.Query) { q.Authentications[0].Method, q.Authentications[0].Similarity = "phone", nil })
	report := replayed(t, candidate, unproven, asked(t, "b", nil))
	if !report.Widens || report.Changed != 1 || report.Groups[0].Opened != 1 || report.Groups[0].Decisions != 2 {
		t.Fatalf("%+v", report)
	}
	first := report.Changes[0]
	if !first.Widens || first.Samples[0] != "a" || first.Purpose != "self-query" {
		t.Errorf("%+v", first)
	}
	opened := slices.IndexFunc(report.Changes, func(c impact.Change) bool { return c.Kind == impact.Opened })
	if opened < 0 || report.Changes[opened].From != "assurance_too_low" {
		t.Errorf("%+v", report.Changes)
	}
	back := impact.New(candidate, inForce(t))
	if err := back.Add(t.Context(), unproven); err != nil {
		t.Fatal(err)
	}
	if narrower := back.Report(); narrower.Widens || narrower.Groups[0].Closed != 1 {
		t.Errorf("the other way round: %+v", narrower)
	}
}

func TestMasksAndTermsAreCompared(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file, old, now string
		kind           impact.Kind
		widens         bool
	}{
		"fresher data":      {"data/tiers.yaml", "bound: 600", "bound: 500", impact.AgeBound, false},
		"older data":        {"data/tiers.yaml", "bound: 600", "bound: 700", impact.AgeBound, true},
		"identity checked":  {"data/platforms.yaml", "identityCheck: false", "identityCheck: true", impact.IdentityCheck, false},
		"stale data marked": {"data/tiers.yaml", "onStale: refuse", "onStale: mark", impact.OnStale, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := replayed(t, newEngine(t, edited(t, test.file, test.old, test.now)), asked(t, "a", nil))
			if len(report.Changes) != 1 || report.Changes[0].Kind != test.kind || report.Widens != test.widens {
				t.Errorf("%+v", report)
			}
		})
	}
}

// TestWhatIsNotKeptIsNotGuessed: rules that read what records don't keep are not replayed, whatever they would say.
func TestWhatIsNotKeptIsNotGuessed(t *testing.T) {
	t.Parallel()
	candidate := newEngine(t, edited(t, "request.rego", `input.purpose.operator == "gateway"`, `input.purpose.operator == "gateway"`+"\n\tinput.purpose.case != \"x\""))
	report := replayed(t, candidate, asked(t, "a", nil), asked(t, "b", nil))
	if report.Replayed != 0 || report.Same() || len(report.Unkept) != 1 || report.Unkept[0].Count != 2 ||
		!strings.Contains(report.Unkept[0].Reason, "purpose.case") {
		t.Errorf("%+v", report)
	}
	if doubt := impact.Doubt(candidate, asked(t, "a", nil)); !strings.Contains(doubt, "purpose.case") || impact.Doubt(inForce(t), asked(t, "a", nil)) != "" {
		t.Errorf("doubt: %q", doubt)
	}
}

// TestADecisionUnlikeItsRecordIsTold: a record of the same policies that they would not decide so says that something isn't kept.
func TestADecisionUnlikeItsRecordIsTold(t *testing.T) {
	t.Parallel()
	in := asked(t, "a", nil)
	in.Reasons = []string{"assurance_too_low"}
	if report := replayed(t, inForce(t), in); report.Same() || report.Unlike.Count != 1 || report.Unlike.Samples[0] != "a" {
		t.Errorf("%+v", report)
	}
}

// TestNothingPersonalIsKept: of what somebody writes freely an input keeps whether it was stated.
func TestNothingPersonalIsKept(t *testing.T) {
	t.Parallel()
	in := asked(t, "a", func(q *exchange.Query) {
		q.Purpose.Operator, q.Purpose.MatterName, q.Purpose.Unit = "li.wei 李伟", "李伟的驾驶证查询", "310115000000"
	})
	line, err := impact.Encode(nil, in)
	if err != nil {
		t.Fatal(err)
	}
	for _, personal := range []string{"11010519491231002X", "B-1", "li.wei", "李伟"} {
		if strings.Contains(string(line), personal) {
			t.Errorf("%s is in %s", personal, line)
		}
	}
	if report := replayed(t, inForce(t), in); !report.Same() || report.Replayed != 1 {
		t.Errorf("%+v", report)
	}
	for _, word := range []string{"self", "gateway", " "} {
		if in := asked(t, "b", func(q *exchange.Query) { q.Purpose.Operator = word }); in.Purpose.Operator != word {
			t.Errorf("%q became %q", word, in.Purpose.Operator)
		}
	}
}

// TestRulesByOperatorAreNotGuessed: rules that tell one person from another are replayed only where no person was the operator.
func TestRulesByOperatorAreNotGuessed(t *testing.T) {
	t.Parallel()
	person := asked(t, "a", func(q *exchange.Query) { q.Purpose.Operator = "li.wei" })
	for name, condition := range map[string]string{
		"another word":  `input.purpose.operator == "li.wei"`,
		"a function":    `startswith(input.purpose.operator, "li")`,
		"in a set":      `input.purpose.operator in {"self", "li.wei"}`,
		"under a name":  "who := input.purpose.operator\n\twho == \"self\"",
		"a matter name": `input.purpose.matterName != "m"`,
	} {
		candidate := newEngine(t, edited(t, "request.rego", `input.purpose.operator == "self"`, condition))
		report := replayed(t, candidate, person)
		if report.Same() || report.Replayed != 0 || len(report.Unkept) != 1 {
			t.Errorf("%s: %+v", name, report)
		}
	}
	same := newEngine(t, edited(t, "request.rego", `input.purpose.operator == "self"`, `"self" == input.purpose.operator`))
	if report := replayed(t, same, person); report.Replayed != 1 || report.Changed != 0 {
		t.Errorf("%+v", report)
	}
}

func TestAnnouncementsAreReplayed(t *testing.T) {
	t.Parallel()
	record := &exchange.Record{
		ID: "r-1", Time: noon, Operation: exchange.ChangeReport, Platform: "suishenban", Region: "310000", Outcome: "accepted",
		Disclosed: []exchange.Field{"status", "validity"},
	}
	in, ok := impact.FromRecord(record)
	if !ok || len(in.Aspects) != 2 {
		t.Fatalf("%+v, %v", in, ok)
	}
	if report := replayed(t, inForce(t), &in); !report.Same() || report.Replayed != 1 {
		t.Errorf("%+v", report)
	}
	in.Region = "330000" // of which it may not speak
	candidate := newEngine(t, edited(t, "data/announcers.yaml", "regions: own", "regions: all"))
	report := replayed(t, candidate, &in)
	if len(report.Changes) != 1 || report.Changes[0].Kind != impact.Opened || report.Changes[0].From == "" || !report.Widens {
		t.Errorf("%+v", report)
	}
}

func TestWhatIsNoDecisionIsPassedOver(t *testing.T) {
	t.Parallel()
	for name, record := range map[string]exchange.Record{
		"not understood":    {Operation: exchange.LicenceQuery, Outcome: string(exchange.InvalidRequest)},
		"parked notice":     {Operation: exchange.ChangeDelivery, Outcome: "source-refused"},
		"order":             {Operation: "operators.replay", Outcome: "ordered"},
		"report of nothing": {Operation: exchange.ChangeReport, Outcome: string(exchange.InvalidRequest), Disclosed: []exchange.Field{"status"}, Region: "310000"},
	} {
		if in, ok := impact.FromRecord(&record); ok {
			t.Errorf("%s: %+v", name, in)
		}
	}
}

// TestANoticeIsReplayed: the record of a delivery has what the decision on it read.
func TestANoticeIsReplayed(t *testing.T) {
	t.Parallel()
	request := exchange.DecisionRequest{
		Now: noon, Operation: exchange.ChangeDelivery, Platform: "zheliban", Region: "330000", SubjectAge: 40, Wanted: []exchange.Field{"status", "points"},
		Purpose: exchange.Purpose{Code: "status-sync", Matter: "status-sync", MatterName: "m", Case: "zq", Operator: "gateway", Unit: "zq", UnitName: "zq", LegalBasis: "PIPL-13-3"},
	}
	decision, err := inForce(t).Decide(t.Context(), request)
	if err != nil || !decision.Allow {
		t.Fatalf("%+v, %v", decision, err)
	}
	record := exchange.Record{
		ID: "zheliban-7", Time: noon, Operation: request.Operation, Platform: request.Platform, Region: request.Region, Purpose: request.Purpose,
		SubjectAge: request.SubjectAge, Wanted: decision.About(), Revision: decision.Revision, Rules: decision.Rules, Outcome: "delivered",
	}
	in, ok := impact.FromRecord(&record)
	if !ok {
		t.Fatal("no input of a notice")
	}
	if report := replayed(t, inForce(t), &in); !report.Same() || report.Replayed != 1 {
		t.Errorf("%+v", report)
	}
	record.Wanted = nil // as notices were recorded before
	in, _ = impact.FromRecord(&record)
	if report := replayed(t, inForce(t), &in); report.Replayed != 0 || report.Same() {
		t.Errorf("%+v", report)
	}
}
