package exchange

import (
	"encoding/json"
	"slices"
	"testing"
	"time"
)

// says is a report in the short form of the tables: who, by what rank, at which minute of the day, with which number.
type says struct {
	who      string
	rank     Rank
	minute   int
	sequence uint64
	id       string // empty: who, minute and sequence
	region   Region // empty: Shanghai
	facts    Facts
}

func (s says) report() *Report {
	r := &Report{
		ID: s.id, Reporter: s.who, Rank: s.rank, Licence: "pseudonym", Region: s.region, Sequence: s.sequence,
		Happened: now().Add(time.Duration(s.minute) * time.Minute), Learned: now().Add(24 * time.Hour), Facts: s.facts,
	}
	if r.ID == "" {
		r.ID = s.who + r.Happened.Format("1504") + string(rune('a'+s.sequence))
	}
	if r.Region == "" {
		r.Region = "310000"
	}
	return r
}

func police(minute int, f Facts) says {
	return says{who: "police", rank: RankAuthority, minute: minute, facts: f}
}
func province(minute int, f Facts) says {
	return says{who: "province", rank: RankProvince, minute: minute, facts: f}
}
func platform(minute int, f Facts) says {
	return says{who: "platform", rank: RankPlatform, minute: minute, facts: f}
}

func zt(letters StatusSet) Facts { return Facts{Status: letters} }

func card(number string, replaced int) Facts {
	return Facts{CardNumber: number, Replacements: &replaced}
}

func TestApply(t *testing.T) {
	t.Parallel()
	one := 1
	cases := map[string]struct {
		reports  []says
		outcomes []ReportOutcome
		version  uint64
		stands   Facts
	}{
		"the police's status over a province's later one": {
			[]says{police(1, zt("BD")), province(2, zt("A"))}, []ReportOutcome{ReportAccepted, ReportConflicting}, 1, zt("BD"),
		},
		"the police's status over a province's earlier one, even if it is older": {
			[]says{province(9, zt("B")), police(1, zt("A"))}, []ReportOutcome{ReportAccepted, ReportAccepted}, 2, zt("A"),
		},
		"letters are never merged": {
			[]says{police(1, zt("BD")), police(2, zt("J"))}, []ReportOutcome{ReportAccepted, ReportAccepted}, 2, zt("J"),
		},
		"the order of letters is no change": {
			[]says{police(1, zt("BD")), province(2, zt("DB"))}, []ReportOutcome{ReportAccepted, ReportUnchanged}, 1, zt("BD"),
		},
		"an unknown letter is kept": {
			[]says{police(1, zt("A")), police(2, zt("XB"))}, []ReportOutcome{ReportAccepted, ReportAccepted}, 2, zt("XB"),
		},
		"a province's replacement over the police's older word": {
			[]says{police(1, card("X", 1)), province(2, card("Y", 2))}, []ReportOutcome{ReportAccepted, ReportAccepted}, 2, card("Y", 2),
		},
		"and under the police's later one": {
			[]says{province(2, card("Y", 2)), police(3, card("Z", 3))}, []ReportOutcome{ReportAccepted, ReportAccepted}, 2, card("Z", 3),
		},
		"and under the police's word of the same moment": {
			[]says{police(2, card("Z", 3)), province(2, card("Y", 2))}, []ReportOutcome{ReportAccepted, ReportConflicting}, 1, card("Z", 3),
		},
		"a platform's replacement does not stand over the police's": {
			[]says{police(1, card("X", 1)), platform(2, card("Y", 2))}, []ReportOutcome{ReportAccepted, ReportConflicting}, 1, card("X", 1),
		},
		"a source without card numbers does not make one unknown": {
			[]says{police(1, card("X", 1)), province(2, Facts{Replacements: &one})}, []ReportOutcome{ReportAccepted, ReportUnchanged}, 1, card("X", 1),
		},
		"but a new card makes the old number unknown": {
			[]says{police(1, card("X", 0)), province(2, Facts{Replacements: &one})}, []ReportOutcome{ReportAccepted, ReportAccepted}, 2, Facts{Replacements: &one},
		},
		"the order of classes is no change": {
			[]says{police(1, Facts{Classes: []Class{"C1", "D"}}), police(2, Facts{Classes: []Class{"D", "C1"}})},
			[]ReportOutcome{ReportAccepted, ReportUnchanged}, 1, Facts{Classes: []Class{"D", "C1"}},
		},
		"silence is not a value": {
			[]says{police(1, zt("A")), police(2, Facts{Points: &one})}, []ReportOutcome{ReportAccepted, ReportAccepted}, 2, Facts{Status: "A", Points: &one},
		},
		"revoked is not left by a province": {
			[]says{police(1, zt("F")), province(2, zt("A"))}, []ReportOutcome{ReportAccepted, ReportImpossible}, 1, zt("F"),
		},
		"nor by the platform that said so": {
			[]says{platform(1, zt("G")), platform(2, zt("A"))}, []ReportOutcome{ReportAccepted, ReportImpossible}, 1, zt("G"),
		},
		"nor for another final letter": {
			[]says{province(1, zt("E")), province(2, zt("F"))}, []ReportOutcome{ReportAccepted, ReportImpossible}, 1, zt("E"),
		},
		"but by the police": {
			[]says{police(1, zt("F")), police(2, zt("A"))}, []ReportOutcome{ReportAccepted, ReportAccepted}, 2, zt("A"),
		},
		"older than the reporter's own word": {
			[]says{police(5, zt("B")), police(4, zt("A"))}, []ReportOutcome{ReportAccepted, ReportStale}, 1, zt("B"),
		},
		"older, but of something else": {
			[]says{police(5, zt("B")), police(4, Facts{Points: &one})}, []ReportOutcome{ReportAccepted, ReportAccepted}, 2, Facts{Status: "B", Points: &one},
		},
		"the reporter's number counts before its clock": {
			[]says{{who: "police", rank: RankAuthority, minute: 5, sequence: 7, facts: zt("B")}, {who: "police", rank: RankAuthority, minute: 4, sequence: 8, facts: zt("A")}, {who: "police", rank: RankAuthority, minute: 6, sequence: 7, facts: zt("D")}},
			[]ReportOutcome{ReportAccepted, ReportAccepted, ReportStale}, 2, zt("A"),
		},
		"a lower number of something else is not lost": {
			[]says{{who: "police", rank: RankAuthority, minute: 5, sequence: 8, facts: zt("B")}, {who: "police", rank: RankAuthority, minute: 4, sequence: 7, facts: Facts{Points: &one}}},
			[]ReportOutcome{ReportAccepted, ReportAccepted}, 2, Facts{Status: "B", Points: &one},
		},
		"the same report again": {
			[]says{police(1, zt("B")), police(1, zt("B"))}, []ReportOutcome{ReportAccepted, ReportDuplicate}, 1, zt("B"),
		},
		"the same report again, after another of the same moment": {
			[]says{police(1, zt("B")), {who: "police", rank: RankAuthority, minute: 1, id: "second", facts: zt("BD")}, police(1, zt("B"))},
			[]ReportOutcome{ReportAccepted, ReportAccepted, ReportDuplicate}, 2, zt("BD"),
		},
		"the same word under another id": {
			[]says{police(1, zt("B")), {who: "police", rank: RankAuthority, minute: 1, id: "poll", facts: zt("B")}}, []ReportOutcome{ReportAccepted, ReportUnchanged}, 1, zt("B"),
		},
		"nobody": {
			[]says{{who: "nobody", rank: RankNone, minute: 1, facts: zt("A")}}, []ReportOutcome{ReportImpossible}, 0, Facts{},
		},
		"from the future": {
			[]says{police(24*60+4, zt("A"))}, []ReportOutcome{ReportImpossible}, 0, Facts{},
		},
		"from a clock that runs a little fast": {
			[]says{police(24*60+3, zt("A"))}, []ReportOutcome{ReportAccepted}, 1, zt("A"),
		},
		"a province names another's licence": {
			[]says{police(1, zt("A")), {who: "zj", rank: RankProvince, minute: 2, region: "330000", facts: card("Y", 1)}}, []ReportOutcome{ReportAccepted, ReportImpossible}, 1, zt("A"),
		},
		"a province over a platform that named the wrong one": {
			[]says{platform(1, zt("A")), {who: "zj", rank: RankProvince, minute: 2, region: "330000", facts: zt("B")}}, []ReportOutcome{ReportAccepted, ReportAccepted}, 2, zt("B"),
		},
		"the police move a licence": {
			[]says{province(1, card("X", 0)), {who: "police", rank: RankAuthority, minute: 2, region: "330000", facts: zt("C")}, province(3, card("Y", 1))},
			[]ReportOutcome{ReportAccepted, ReportAccepted, ReportImpossible}, 2, Facts{Status: "C", CardNumber: "X", Replacements: new(int)},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var state *LicenceState
			var outcomes []ReportOutcome
			for _, said := range c.reports {
				next, outcome := state.Apply(said.report())
				state, outcomes = next, append(outcomes, outcome)
			}
			if !slices.Equal(outcomes, c.outcomes) {
				t.Fatalf("outcomes %v, want %v", outcomes, c.outcomes)
			}
			if state == nil {
				state = &LicenceState{}
			}
			if state.Version != c.version || asJSON(t, state.Stands) != asJSON(t, c.stands) {
				t.Errorf("version %d, stands %s; want %d, %s", state.Version, asJSON(t, state.Stands), c.version, asJSON(t, c.stands))
			}
		})
	}
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestChangeNamesWhoBroughtIt reads what one step says of itself, after a passage through another gateway.
func TestChangeNamesWhoBroughtIt(t *testing.T) {
	t.Parallel()
	r := police(1, zt("BD")).report()
	r.Via, r.Origin = []string{"gateway-a"}, "suishenban"
	state, _ := (*LicenceState)(nil).Apply(r)
	r.Via[0] = "changed later"
	c := state.Change
	if c.Report != r.ID || c.Reporter != "police" || c.Origin != "suishenban" || !slices.Equal(c.Via, []string{"gateway-a"}) || !c.Happened.Equal(r.Happened) {
		t.Errorf("change %+v", c)
	}
	if !slices.Equal(c.Events, []Event{{StatusAdded, "B"}, {StatusAdded, "D"}}) {
		t.Errorf("events %+v", c.Events)
	}
	if state.Source[AspectStatus] != "police" || len(state.Source) != 1 || state.Licence != "pseudonym" || !state.Recorded.Equal(r.Learned) {
		t.Errorf("state %+v", state)
	}
	next, _ := state.Apply(police(2, zt("JD")).report())
	if !slices.Equal(next.Change.Events, []Event{{StatusAdded, "J"}, {StatusRemoved, "B"}}) || next.Change.Origin != "police" {
		t.Errorf("change %+v", next.Change)
	}
}
