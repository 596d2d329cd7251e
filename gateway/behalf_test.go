package gateway_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

const (
	agentNumber = "310101199801011232"
	agentName   = "李四"
	delegation  = `"behalf": {"relation": "delegate", "agent": {"name": "李四", "idNumber": "310101199801011232"}, "grant": {"id": "wt-2026-7", ` +
		`"from": "2026-11-01T00:00:00+08:00", "until": "2027-11-01T00:00:00+08:00", ` +
		`"scope": {"purposes": ["self-query"], "operations": ["licence.query"], "fields": ["points", "status"]}}}`
)

// onBehalf is the good body with somebody who asks in the subject's place.
func onBehalf(t *testing.T, given string) []byte {
	t.Helper()
	return bytes.Replace(testdata(t, "licence.json"), []byte(`"maxAge"`), []byte(given+`, "maxAge"`), 1)
}

// TestOnBehalf: policy is told who asks and by what right, without name or number; the record has the agent's pseudonym and the grant.
func TestOnBehalf(t *testing.T) {
	t.Parallel()
	r, log, records := newRecordingRig(t)
	var told exchange.DecisionRequest
	r.desk.decision = func(request exchange.DecisionRequest) (exchange.Decision, error) {
		told = request
		return grantAll(request)
	}
	got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", onBehalf(t, delegation)))
	if got.status != 200 {
		t.Fatalf("status %d: %s", got.status, got.body)
	}
	facts := exchange.BehalfFacts{
		Relation: exchange.Delegate, AgentAge: 28,
		From: time.Date(2026, 10, 31, 16, 0, 0, 0, time.UTC), Until: time.Date(2027, 10, 31, 16, 0, 0, 0, time.UTC),
		Scope: &exchange.Scope{Purposes: []string{"self-query"}, Operations: []exchange.Operation{exchange.LicenceQuery}, Fields: []exchange.Field{"points", "status"}},
	}
	if told.Behalf == nil || !reflect.DeepEqual(*told.Behalf, facts) {
		t.Errorf("policy was told %+v", told.Behalf)
	}
	entry, _, err := records.Read(t.Context(), 0)
	if err != nil || entry.Behalf == nil || !reflect.DeepEqual(entry.Behalf.BehalfFacts, facts) || entry.Behalf.Grant != "wt-2026-7" || entry.Behalf.Agent == "" || entry.Behalf.Agent == entry.Subject {
		t.Errorf("recorded %+v, error %v", entry.Behalf, err)
	}
	stored := must(log.Get(t.Context(), 0))(t)
	for _, secret := range []string{agentNumber, agentName} {
		for _, form := range writtenForms(secret) {
			if bytes.Contains(stored.Data, form) || bytes.Contains(got.body, form) {
				t.Errorf("record or answer hold %.3s… as %s", secret, form)
			}
		}
	}
}

// TestWrongBehalf: what of it breaks the contract is told by its place, never by its value.
func TestWrongBehalf(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, row := range map[string]struct{ old, new, pointers string }{
		"a relation nobody knows":      {`"delegate"`, `"neighbour"`, "/behalf/relation:not-listed"},
		"a wrong check character":      {agentNumber, "310101199801011234", "/behalf/agent/idNumber:id-check"},
		"no agent's name":              {agentName, "　", "/behalf/agent/name:missing"},
		"no number of the grant":       {`"id": "wt-2026-7", `, ``, "/behalf/grant/id:missing"},
		"a person's number for a name": {"wt-2026-7", "wt-" + agentNumber, "/behalf/grant/id:personal-number"},
		"in a purpose":                 {`["self-query"]`, `["` + agentNumber + `"]`, "/behalf/grant/scope/purposes/0:personal-number"},
		"in a field":                   {`["points", "status"]`, `["points", "` + agentNumber + `"]`, "/behalf/grant/scope/fields/1:personal-number"},
		"no such day":                  {"2027-11-01T", "2027-11-31T", "/behalf/grant/until:no-such-date"},
		"a zone of a day":              {"2026-11-01T00:00:00+08:00", "2026-11-01T00:00:00+24:00", "/behalf/grant/from:no-such-date"},
		"an operation of another kind": {`["licence.query"]`, `["changes.deliver"]`, "/behalf/grant/scope/operations/0:not-listed"},
		"half a scope":                 {`"purposes": ["self-query"], `, ``, "/behalf/grant/scope/purposes:missing"},
	} {
		given := strings.Replace(delegation, row.old, row.new, 1)
		p := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", onBehalf(t, given))).problem(t)
		if p.Code != "invalid-request" || places(p) != row.pointers {
			t.Errorf("%s: came out as %s, %q, want %q", name, p.Code, places(p), row.pointers)
		}
	}
	r.checkQuiet(t)
}
