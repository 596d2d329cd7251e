package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
	"github.com/zhengqiao/zhengqiao/specs"
)

// The decisions that the tests know: 随申办's and 浙里办's.
const (
	shanghaiDecision = "019dbf3c-6a1c-7d0e-9a55-0d5f3b1f6f10"
	zhejiangDecision = "019dbf3c-6a1c-7d0e-9a55-0d5f3b1f6f11"
	nobodysDecision  = "019dbf3c-6a1c-7d0e-9a55-0d5f3b1f6f12"
)

// accounts knows one decision of each of two platforms.
type accounts struct{ err error }

func (a accounts) Account(_ context.Context, platform, id string) (exchange.Account, error) {
	owner := map[string]string{shanghaiDecision: "suishenban", zhejiangDecision: "zheliban"}[id]
	switch {
	case a.err != nil:
		return exchange.Account{}, a.err
	case owner != platform:
		return exchange.Account{}, exchange.Errorf(exchange.NotFound, "not of %s", platform)
	}
	text := exchange.Text{ZH: "文字", EN: "text"}
	return exchange.Account{
		ID: id, At: testNow(), Operation: exchange.LicenceQuery, Region: "310000", Purpose: "self-query", Outcome: "policy-refused", Revision: "rev",
		Reasons: []exchange.Reason{{Code: "assurance_too_low", Text: text}}, Rules: []exchange.AccountRule{{Name: "zhengqiao.assurance.reasons", Title: text}},
		Withheld: []exchange.Withheld{{Field: "points", Code: "no_rule", Text: text}}, WaysBy: "rev", Contact: text,
		Ways: []exchange.Way{{Kind: exchange.WayAssurance, Value: "face", Text: text, Allows: true, Resolves: []string{"assurance_too_low"}}},
	}, nil
}

func withAccounts(deps *gateway.Deps) { deps.Accounts = accounts{} }

func TestDecisionIsExplainedToItsPlatform(t *testing.T) {
	t.Parallel()
	r := newRig(t, withAccounts)
	got := r.send(t, r.sign(t, "suishenban", "GET", "/v1/decisions/"+shanghaiDecision, nil))
	if got.status != 200 || !strings.Contains(string(got.body), `"assurance_too_low"`) || !strings.Contains(string(got.body), `"shown":[]`) {
		t.Fatalf("%d %s", got.status, got.body)
	}
	fitsDecision(t, got.body)
	request := r.sign(t, "zheliban", "GET", "/v1/decisions/"+zhejiangDecision, nil)
	sealed := r.send(t, request)
	ring := func(kid string) (envelope.Unwrapper, bool) { return r.keys["zheliban"], kid == "zheliban-1" }
	fitsDecision(t, must(envelope.Open(sealed.body, ring, []byte(request.Header.Get("Signature"))))(t))
	if records := r.desk.recorded(); len(records) != 0 {
		t.Errorf("reading was recorded: %v", records)
	}
}

// fitsDecision holds an answer to the contract's schema.
func fitsDecision(t *testing.T, body []byte) {
	t.Helper()
	document := must(openapi3.NewLoader().LoadFromData(specs.OpenAPI()))(t)
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		t.Fatal(err)
	}
	if err := document.Components.Schemas["DecisionAnswer"].Value.VisitJSON(value); err != nil {
		t.Error(err)
	}
}

// TestAnotherPlatformsDecisionIsNotThere: it is answered as one that nobody ever made, to the byte but for the request's own id.
func TestAnotherPlatformsDecisionIsNotThere(t *testing.T) {
	t.Parallel()
	r := newRig(t, withAccounts)
	ask := func(platform, id string) []byte {
		got := r.send(t, r.sign(t, platform, "GET", "/v1/decisions/"+id, nil))
		p := got.problem(t)
		if p.Code != "not-found" || got.status != 404 {
			t.Errorf("%s asks for %s: %d %s", platform, id, got.status, got.body)
		}
		return bytes.ReplaceAll(got.body, []byte(strings.TrimPrefix(p.Instance, "urn:uuid:")), nil)
	}
	never := ask("suishenban", nobodysDecision)
	for _, id := range []string{zhejiangDecision, strings.ToUpper(shanghaiDecision), "1", shanghaiDecision + "0"} {
		if got := ask("suishenban", id); !bytes.Equal(got, never) {
			t.Errorf("%s: %s and not %s", id, got, never)
		}
	}
}

func TestDecisionsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	r := newRig(t, withAccounts)
	for target, want := range map[string]string{"/v1/decisions/" + shanghaiDecision + "?lang=en": "invalid-request", "/v1/decisions": "not-found"} {
		if p := r.send(t, r.sign(t, "suishenban", "GET", target, nil)).problem(t); p.Code != want {
			t.Errorf("%s: came out as %s", target, p.Code)
		}
	}
	if p := r.send(t, r.sign(t, "suishenban", "GET", "/v1/decisions/"+shanghaiDecision, []byte("{}"))).problem(t); places(p) != "/:no-body-wanted" {
		t.Errorf("with a body: %s", places(p))
	}
	for name, test := range map[string]struct {
		accounts gateway.Accounts
		want     string
	}{
		"not offered": {nil, "operation-not-offered"}, "log fails": {accounts{exchange.Errorf(exchange.Internal, "the log is damaged")}, "internal"},
	} {
		other := newRig(t, func(deps *gateway.Deps) { deps.Accounts = test.accounts })
		if p := other.send(t, other.sign(t, "suishenban", "GET", "/v1/decisions/"+shanghaiDecision, nil)).problem(t); p.Code != test.want {
			t.Errorf("%s: came out as %s", name, p.Code)
		}
	}
}
