package exchange

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

const agentID = "310101199801011232"

func behalf(t *testing.T, number string) *Behalf {
	t.Helper()
	return &Behalf{
		Relation: Delegate, Agent: Agent{Name: "李四", IDNumber: idNumber(t, number)},
		Grant: Grant{
			ID: "wt-7", From: now().Add(-time.Hour), Until: now().Add(time.Hour),
			Scope: &Scope{[]string{"licence-view"}, []Operation{LicenceQuery}, []Field{"points"}},
		},
	}
}

// TestQueryOnBehalf: the decider is told facts and no person, the record has the agent's pseudonym, and the source is asked about the
// subject as ever.
func TestQueryOnBehalf(t *testing.T) {
	t.Parallel()
	b, q := newBench(), query(t)
	q.Behalf = behalf(t, agentID)
	if _, err := b.Query(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	want := BehalfFacts{
		Relation: Delegate, AgentAge: 28, From: q.Behalf.Grant.From, Until: q.Behalf.Grant.Until, Scope: q.Behalf.Grant.Scope,
	}
	if got := b.decider.got.Behalf; got == nil || !reflect.DeepEqual(*got, want) {
		t.Errorf("the decider got %+v", got)
	}
	record := b.recorder.only(t)
	if !reflect.DeepEqual(record.Behalf, &BehalfRecord{want, "pseudonym-3****************2", "wt-7"}) {
		t.Errorf("recorded %+v", record.Behalf)
	}
	if b.first.got.Subject != q.Subject {
		t.Error("the source was asked about somebody else")
	}
	text, err := json.Marshal(record)
	if err != nil || strings.Contains(string(text), agentID) || strings.Contains(string(text), "李四") {
		t.Errorf("the record names the agent, error %v", err)
	}
}

// TestOwnAgent: that the agent is the subject is seen by the number, whatever the name; no number is nobody's.
func TestOwnAgent(t *testing.T) {
	t.Parallel()
	q := query(t)
	for number, same := range map[string]bool{citizenID: true, agentID: false} {
		q.Behalf = behalf(t, number)
		if got := q.behalfFacts().AgentIsSubject; got != same {
			t.Errorf("the agent is the subject: %v", got)
		}
	}
	unread := Query{Behalf: &Behalf{Relation: Guardian}}
	if unread.behalfFacts().AgentIsSubject || unread.behalfRecord(fakePseudonyms{}).Agent != "" {
		t.Error("a number that could not be read became somebody's")
	}
	if own := query(t); own.behalfFacts() != nil || own.behalfRecord(fakePseudonyms{}) != nil {
		t.Error("somebody asks in the place of who asks himself")
	}
}
