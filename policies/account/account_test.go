package account_test

import (
	"crypto/sha256"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/account"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)

var builtIn = sync.OnceValues(func() (*policies.Engine, error) {
	return policies.New(policies.Embedded(), policies.Options{NewHash: sha256.New, Timeout: time.Minute})
})

// record gives the record of a query by 随申办, decided as the policies in force do.
func record(t *testing.T, change func(*exchange.Record)) (*policies.Engine, *exchange.Record) {
	t.Helper()
	engine, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	similarity := 0.97
	r := &exchange.Record{
		ID: "d-1", Time: noon, Operation: exchange.LicenceQuery, Platform: "suishenban", Region: "310000", SubjectAge: 40, Outcome: exchange.Answered,
		Purpose:         exchange.Purpose{Code: "self-query", Matter: "QT-0001", Operator: "self", LegalBasis: "consent"},
		Authentications: []exchange.Authentication{{Method: "face", Provider: "demo-face", At: noon.Add(-time.Minute), Similarity: &similarity}},
	}
	if change != nil {
		change(r)
	}
	decision, err := engine.Decide(t.Context(), exchange.DecisionRequest{
		Now: r.Time, Operation: r.Operation, Platform: r.Platform, Region: r.Region, Purpose: r.Purpose, Authentications: r.Authentications,
		Wanted: r.Wanted, MaxAge: r.MaxAge, SubjectAge: r.SubjectAge, Vehicles: r.Vehicles,
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Revision, r.Rules, r.Assurance = decision.Revision, decision.Rules, decision.Assurance
	for _, reason := range decision.Reasons {
		r.Reasons = append(r.Reasons, reason.Code)
	}
	for _, withheld := range decision.Withheld {
		r.Withheld = append(r.Withheld, exchange.WithheldCode{Field: withheld.Field, Code: withheld.Code})
	}
	return engine, r
}

func accountOf(t *testing.T, change func(*exchange.Record)) exchange.Account {
	t.Helper()
	engine, r := record(t, change)
	told, ok := account.Of(t.Context(), engine, r)
	if !ok {
		t.Fatal("no account of a decision")
	}
	return told
}

func find(told exchange.Account, kind exchange.WayKind, value string) *exchange.Way {
	for i := range told.Ways {
		if told.Ways[i].Kind == kind && (value == "" || told.Ways[i].Value == value) {
			return &told.Ways[i]
		}
	}
	return nil
}

// TestWaysAreFoundByAsking: each refusal has one way out, which the policies take, and the reason that it resolves.
func TestWaysAreFoundByAsking(t *testing.T) {
	t.Parallel()
	fresh := time.Second
	for name, test := range map[string]struct {
		change      func(*exchange.Record)
		kind        exchange.WayKind
		value, code string
	}{
		"weak": {func(r *exchange.Record) { r.Authentications[0].Method, r.Authentications[0].Similarity = "phone", nil },
			exchange.WayAssurance, "account", "assurance_too_low"},
		"old": {func(r *exchange.Record) { r.Authentications[0].At = noon.Add(-time.Hour) },
			exchange.WayAssurance, "account", "authentication_not_current"},
		"no basis": {func(r *exchange.Record) { r.Purpose.LegalBasis = "" },
			exchange.WayLegalBasis, "consent", "legal_basis_not_accepted"},
		"no matter": {func(r *exchange.Record) { r.Purpose.Matter = " " },
			exchange.WayState, "matter", "purpose_incomplete"},
		"too fresh": {func(r *exchange.Record) {
			r.Platform, r.Purpose.Code, r.MaxAge = "wechat-city", "self-query", &fresh
		}, exchange.WayMaxAge, "", "freshness_below_tier"},
		"not granted": {func(r *exchange.Record) { r.Purpose.Code = "no-such" },
			exchange.WayPurpose, "self-query", "purpose_not_allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := accountOf(t, test.change)
			if told.Allowed || !slices.ContainsFunc(told.Reasons, func(r exchange.Reason) bool { return r.Code == test.code && r.Text.ZH != "" }) {
				t.Fatalf("%+v", told)
			}
			way := find(told, test.kind, test.value)
			if way == nil || !way.Allows || !slices.Contains(way.Resolves, test.code) || way.Text.ZH == "" || way.Text.EN == "" {
				t.Errorf("way %+v of %+v", way, told.Ways)
			}
		})
	}
}

// TestAWayNamesTheFieldsThatItOpens: what is withheld at one level and shown at the next is told with that level.
func TestAWayNamesTheFieldsThatItOpens(t *testing.T) {
	t.Parallel()
	told := accountOf(t, func(r *exchange.Record) {
		r.Authentications[0].Method, r.Authentications[0].Similarity = "account", nil
	})
	if !told.Allowed || len(told.Withheld) == 0 || len(told.Rules) == 0 {
		t.Fatalf("%+v", told)
	}
	way := find(told, exchange.WayAssurance, "face")
	if way == nil {
		way = find(told, exchange.WayAssurance, "bankcard")
	}
	if way == nil || way.Allows || len(way.Fields) == 0 {
		t.Fatalf("%+v", told.Ways)
	}
	for _, field := range way.Fields {
		if !slices.ContainsFunc(told.Withheld, func(w exchange.Withheld) bool { return w.Field == field }) {
			t.Errorf("%s was not withheld", field)
		}
	}
	if told.Rules[0].Title.ZH == "" || told.Rules[0].Title == (exchange.Text{ZH: told.Rules[0].Name, EN: told.Rules[0].Name}) {
		t.Errorf("%+v has no title", told.Rules[0])
	}
}

func TestWhoGotAllHasNoWays(t *testing.T) {
	t.Parallel()
	told := accountOf(t, func(r *exchange.Record) { r.Wanted = []exchange.Field{"status"} })
	if !told.Allowed || len(told.Withheld)+len(told.Ways)+len(told.Reasons) != 0 {
		t.Errorf("%+v", told)
	}
}

func TestOldCodesStandForThemselves(t *testing.T) {
	t.Parallel()
	engine, r := record(t, nil)
	r.Reasons = []string{"code_of_long_ago"}
	told, ok := account.Of(t.Context(), engine, r)
	if !ok || told.Reasons[0].Text.EN != "code_of_long_ago" {
		t.Errorf("%+v", told)
	}
}

// What the gateway itself withholds is no reason of the policies, and has its words and its rule all the same.
func TestWhatTheGatewayWithheldIsTold(t *testing.T) {
	t.Parallel()
	text, rule, ok := exchange.Lack("source_lacks_field")
	if !ok || rule == "" || text.ZH == "" || text.EN == "" {
		t.Fatalf("%v %q %+v", ok, rule, text)
	}
	if _, _, ok := exchange.Lack("no_rule"); ok {
		t.Error("a code of the policies is taken for the gateway's own")
	}
}

func TestThereIsNoAccountOfWhatIsNoQuery(t *testing.T) {
	t.Parallel()
	for _, operation := range []exchange.Operation{exchange.ChangeDelivery, exchange.ChangeReport, "operators.replay"} {
		engine, r := record(t, nil)
		r.Operation = operation
		if told, ok := account.Of(t.Context(), engine, r); ok {
			t.Errorf("%s: %+v", operation, told)
		}
	}
	engine, r := record(t, func(r *exchange.Record) { r.Purpose.Case = strings.Repeat("B", 10) })
	r.Revision = "" // it was never decided
	if told, ok := account.Of(t.Context(), engine, r); ok {
		t.Errorf("%+v", told)
	}
}

func BenchmarkOf(b *testing.B) {
	engine, err := builtIn()
	if err != nil {
		b.Fatal(err)
	}
	r := &exchange.Record{ID: "d", Time: noon, Operation: exchange.LicenceQuery, Platform: "suishenban", Region: "310000", Revision: "r",
		Purpose: exchange.Purpose{Code: "self-query"}}
	b.ReportAllocs()
	for b.Loop() {
		r.Time = r.Time.Add(time.Millisecond)
		account.Of(b.Context(), engine, r)
	}
}
