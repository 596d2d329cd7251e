package policies

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// TestSettledTableDecidesAlike: putting the table's values in its rules' place changes no decision. What is compared is the whole
// result, for each platform, purpose, operation and method.
func TestSettledTableDecidesAlike(t *testing.T) {
	t.Parallel()
	b, err := readBundle(Embedded(), sha256.New)
	if err != nil {
		t.Fatal(err)
	}
	settled, err := settleTable(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	asWritten, asLookedUp := prepared(t, b), prepared(t, settled)
	for _, request := range settleRequests(b.data) {
		document := input(&request, newFieldTerms(exchange.Fields(request.Operation)))
		if want, got := answer(t, asWritten, document), answer(t, asLookedUp, document); want.Compare(got) != 0 {
			t.Fatalf("%s %s %s: %s, as written %s", request.Platform, request.Purpose.Code, request.Operation, got, want)
		}
	}
}

func prepared(t *testing.T, b *bundle) *question {
	t.Helper()
	compiler, err := compile(b)
	if err != nil {
		t.Fatal(err)
	}
	p, err := prepare(t.Context(), compiler, b.data, decisionDocument)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func answer(t *testing.T, p *question, document ast.Value) ast.Value {
	t.Helper()
	value, err := p.ask(t.Context(), document)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// settleRequests gives one request per platform, purpose and method, with operation and region taking turns.
func settleRequests(data map[string]any) []exchange.DecisionRequest {
	now := time.Unix(1_800_000_000, 0)
	operations := []exchange.Operation{exchange.LicenceQuery, exchange.ViolationsQuery, exchange.PictureQuery}
	regions := []exchange.Region{"310000", "330000"}
	var all []exchange.DecisionRequest
	for platform := range data["platforms"].(map[string]any) {
		for purpose := range data["purposes"].(map[string]any) {
			for _, method := range []string{"account", "sms", "face"} {
				turn := len(all)
				all = append(all, exchange.DecisionRequest{
					Now: now, Operation: operations[turn%3], Platform: platform, Region: regions[turn%2], SubjectAge: 30,
					Purpose:         exchange.Purpose{Code: purpose, Matter: "m", Case: "c", Operator: "clerk", Unit: "310000000000", LegalBasis: "consent"},
					Authentications: []exchange.Authentication{{Method: method, Provider: "wechat", At: now}},
				})
			}
		}
	}
	return all
}
