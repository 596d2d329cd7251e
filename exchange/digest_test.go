package exchange

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

func TestReusesID(t *testing.T) {
	t.Parallel()
	first := police(10, Facts{Status: "BD", Classes: []Class{"C1", "D"}}).report()
	var none *LicenceState
	state, outcome := none.Apply(first)
	if outcome != ReportAccepted || none.ReusesID(first) {
		t.Fatalf("the first report: %s", outcome)
	}
	for name, c := range map[string]struct {
		change func(*Report)
		want   bool
	}{
		"the same":                 {func(*Report) {}, false},
		"learned later, elsewhere": {func(r *Report) { r.Learned, r.Via = r.Learned.Add(time.Hour), []string{"gateway-b"} }, false},
		"another time zone":        {func(r *Report) { r.Happened = r.Happened.In(time.FixedZone("", 3600)) }, false},
		"classes in another order": {func(r *Report) { r.Facts.Classes = []Class{"D", "C1"} }, false},
		"letters in another order": {func(r *Report) { r.Facts.Status = "DB" }, false},
		"other facts":              {func(r *Report) { r.Facts.Status = "A" }, true},
		"more facts":               {func(r *Report) { r.Facts.Points = new(3) }, true},
		"another moment":           {func(r *Report) { r.Happened = r.Happened.Add(time.Second) }, true},
		"another number":           {func(r *Report) { r.Sequence++ }, true},
		"another province":         {func(r *Report) { r.Region = "330000" }, true},
		"another id":               {func(r *Report) { r.ID, r.Facts.Status = "other", "A" }, false},
		"another reporter's id":    {func(r *Report) { r.Reporter, r.Facts.Status = "police-2", "A" }, false},
	} {
		again := *first
		c.change(&again)
		if got := state.ReusesID(&again); got != c.want {
			t.Errorf("%s: reused %t", name, got)
		}
	}
}

// TestRecentReportsAreBounded: all that are remembered are told apart, and none beyond.
func TestRecentReportsAreBounded(t *testing.T) {
	t.Parallel()
	var state *LicenceState
	const more = recentReports + 8
	reports := make([]*Report, more)
	for i := range reports { // one moment, so that only the id tells a repetition
		points := i
		r := police(10, Facts{Points: &points}).report()
		r.ID = fmt.Sprint("r", i)
		state, _ = state.Apply(r)
		reports[i] = r
	}
	said := state.Says["police"]
	if len(said.Recent) != recentReports || len(said.Digests) != recentReports || said.Recent[recentReports-1] != reports[more-1].ID {
		t.Fatalf("%d ids, %d digests", len(said.Recent), len(said.Digests))
	}
	for i, r := range reports {
		other := *r
		other.Facts = Facts{Points: new(1000)}
		remembered := i >= more-recentReports
		if state.ReusesID(r) || state.ReusesID(&other) != remembered {
			t.Errorf("report %d: reused by itself %t, by another %t", i, state.ReusesID(r), state.ReusesID(&other))
		}
		if _, outcome := state.Apply(r); remembered && outcome != ReportDuplicate {
			t.Errorf("report %d again: %s", i, outcome)
		}
	}
}

// TestEntriesWithoutDigests are those of older stores: their ids still tell duplicates, and new digests stand beside the new ids.
func TestEntriesWithoutDigests(t *testing.T) {
	t.Parallel()
	var said Saying
	if err := json.Unmarshal([]byte(`{"recent":["old-1","old-2"],"learned":"2026-11-24T04:00:00Z","words":null,"facts":{}}`), &said); err != nil {
		t.Fatal(err)
	}
	state := &LicenceState{Licence: "pseudonym", Region: "310000", Says: map[string]Saying{"police": said}}
	old := police(10, zt("B")).report()
	old.ID = "old-2"
	if _, outcome := state.Apply(old); outcome != ReportDuplicate || state.ReusesID(old) {
		t.Errorf("old id: %s, reused %t", outcome, state.ReusesID(old))
	}
	fresh := police(11, zt("B")).report()
	state, _ = state.Apply(fresh)
	other := *fresh
	other.Facts = zt("A")
	if state.ReusesID(old) || state.ReusesID(fresh) || !state.ReusesID(&other) {
		t.Errorf("old %t, new %t, other content %t", state.ReusesID(old), state.ReusesID(fresh), state.ReusesID(&other))
	}
}
