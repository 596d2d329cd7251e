package demo_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/client"
)

// opened is an emergency access as the gateway tells it, with what came of a question.
type opened struct {
	ID, State string
	Answer    string
	Receipt   struct{ Index uint64 }
}

// operator connects to the operators' address as the demo's operator.
func (r *rig) operator(t *testing.T) *client.Client {
	t.Helper()
	settings := r.settings(t, "demo-operator-1", "demo-operator.key.pem")
	settings.BaseURL = r.gateway.OpsURL()
	return newClient(t, settings)
}

// order sends an order and gives the problem's code, "" for an answer.
func order(t *testing.T, as *client.Client, path string, body any) (opened, string) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	reply := call(t, as, "/ops/v1/breakglass/"+path, text)
	var got opened
	if err := json.Unmarshal(reply.Body, &got); err != nil {
		t.Fatal(err)
	}
	return got, codeOf(t, reply)
}

// TestEmergencyAccess goes the whole way on real parts: the operator's signature, the shipped policies, the journal, a source.
func TestEmergencyAccess(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	as := r.operator(t)
	driver, _ := r.world.Citizens.Persona("normal-shanghai")
	another, _ := r.world.Citizens.Persona("probation")
	person := map[string]string{"name": driver.Name, "idNumber": driver.IDNumber}
	wish := map[string]any{
		"subject": person, "region": "310000", "reason": "patient unconscious", "reference": "120-7", "legalBasis": "PIPL-13-4", "minutes": 10,
	}
	access, code := order(t, as, "open", wish)
	if code != "" || access.State != "open" {
		t.Fatalf("open: %+v %s", access, code)
	}
	licence := map[string]any{"operation": "licence.query", "subject": person}
	got, code := order(t, as, access.ID+"/query", licence)
	if code != "" || !strings.Contains(got.Answer, `"mayDrive":"yes"`) || strings.Contains(got.Answer, "address") || strings.Contains(got.Answer, driver.IDNumber) {
		t.Fatalf("query: %+v %s", got, code)
	}
	entry, _, err := r.gateway.Records().Read(t.Context(), got.Receipt.Index)
	if err != nil || entry.Opening != access.ID || entry.Purpose.Operator != "demo-operator" || entry.Purpose.Code != "break-glass" || entry.Platform != "break-glass" || len(entry.Signature) == 0 {
		t.Errorf("record %+v, %v", entry.Record, err)
	}
	if got, code := order(t, as, access.ID+"/query", map[string]any{"operation": "violations.query", "subject": person}); code != "" || !strings.Contains(got.Answer, `"processed"`) {
		t.Errorf("violations: %+v %s", got, code)
	}
	wish["legalBasis"] = "consent"
	for name, c := range map[string]struct {
		path string
		body any
	}{
		"another person":    {access.ID + "/query", map[string]any{"operation": "licence.query", "subject": map[string]string{"name": another.Name, "idNumber": another.IDNumber}}},
		"no emergency":      {"open", wish},
		"confirmed by self": {access.ID + "/confirm", map[string]string{"reason": "I say so"}},
	} {
		if _, code := order(t, as, c.path, c.body); code != "policy-refused" {
			t.Errorf("%s: %q", name, code)
		}
	}
	if closed, code := order(t, as, access.ID+"/close", map[string]string{"reason": "done"}); code != "" || closed.State != "closed" {
		t.Errorf("close: %+v %s", closed, code)
	}
	if _, code := order(t, as, access.ID+"/query", licence); code != "policy-refused" {
		t.Errorf("asked after it was closed: %q", code)
	}
	if metrics := fetch(t, r.gateway.OpsURL()+"/metrics"); !strings.Contains(metrics, `zhengqiao_breakglass_events_total{event="opened"} 1`) || !strings.Contains(metrics, `zhengqiao_breakglass_events_total{event="refused"} 4`) {
		t.Error("the events are not counted")
	}
	shown := r.log.String() + readAll(t, filepath.Join(r.dir, "journal"))
	if strings.Contains(shown, driver.IDNumber) || !strings.Contains(r.log.String(), `"opening":"`+access.ID+`"`) {
		t.Error("the log lacks the opening, or something has the number")
	}
}
