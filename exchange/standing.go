package exchange

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// ReportOutcome is what became of a report. Each is recorded and shown to the reporter.
type ReportOutcome string

// The outcomes. Only an accepted report changes what stands.
const (
	ReportAccepted    ReportOutcome = "accepted"    // something that stands has changed
	ReportUnchanged   ReportOutcome = "unchanged"   // it says what stands already; kept as this reporter's word
	ReportDuplicate   ReportOutcome = "duplicate"   // the same report again
	ReportStale       ReportOutcome = "stale"       // older than this reporter's own last word
	ReportConflicting ReportOutcome = "conflicting" // kept, but a higher or later word stands
	ReportImpossible  ReportOutcome = "impossible"  // no such transition without the authority's word
)

// futureTolerance is how far ahead of the gateway's clock a reporter's may run.
const futureTolerance = 180 * time.Second

// Apply puts a report to what is known and gives the new state. The state given is given back if there is nothing to store: the
// report is a duplicate, stale or impossible, or it repeats its reporter's word. state may be nil: nothing is known yet. Apply
// changes nothing that it was given. What stands follows from the words kept, whatever the order in which they came.
func (state *LicenceState) Apply(r *Report) (*LicenceState, ReportOutcome) {
	next := state.copyFor(r)
	if outcome := next.refuses(r); outcome != "" {
		return state, outcome
	}
	before := next.Says[r.Reporter]
	saying := before.renewed(r)
	next.Says[r.Reporter] = saying
	stood := next.Stands
	contradicted := next.decide(r)
	events := Events(&stood, &next.Stands)
	switch {
	case len(events) > 0:
		next.Version++
		next.Change = r.change(events)
		return next, ReportAccepted
	case contradicted:
		return next, ReportConflicting
	case state != nil && state.Region == next.Region && saying.repeats(&before):
		return state, ReportUnchanged
	}
	return next, ReportUnchanged
}

// ReusesID reports whether the report bears the id of a recent report of its reporter that said something else. Apply takes it for a
// duplicate all the same; who takes reports in must tell the reporter, or what it said the second time is lost unseen. state may be nil.
func (state *LicenceState) ReusesID(r *Report) bool {
	return state != nil && state.Says[r.Reporter].reuses(r)
}

// copyFor gives a state that may be changed. Whoever may say so moves the licence to another province.
func (state *LicenceState) copyFor(r *Report) *LicenceState {
	next := LicenceState{Licence: r.Licence}
	if state != nil {
		next = *state
	}
	next.Says, next.Source, next.Recorded = copied(next.Says), copied(next.Source), r.Learned
	if next.mayMove(r) {
		next.Region = r.Region
	}
	return &next
}

// copied gives a map that may be written to, also of none.
func copied[K comparable, V any](m map[K]V) map[K]V {
	if m == nil {
		return map[K]V{}
	}
	return maps.Clone(m)
}

// mayMove says whether the report's rank settles in which province the licence is kept: the authority's always does, another
// only against words of lower rank.
func (state *LicenceState) mayMove(r *Report) bool {
	if r.Rank >= RankAuthority {
		return true
	}
	for _, saying := range state.Says {
		for _, word := range saying.Words {
			if word.Rank >= r.Rank {
				return false
			}
		}
	}
	return true
}

// refuses gives the outcome of a report that must not be kept as the reporter's word.
func (state *LicenceState) refuses(r *Report) ReportOutcome {
	last := state.Says[r.Reporter]
	switch {
	case slices.Contains(last.Recent, r.ID):
		return ReportDuplicate
	case r.Rank <= RankNone || r.Region != state.Region:
		return ReportImpossible
	case r.Happened.Sub(r.Learned) > futureTolerance:
		return ReportImpossible
	case last.laterThan(r):
		return ReportStale
	case r.Rank < RankAuthority && !mayBecome(state.Stands.Status, r.Facts.Status):
		return ReportImpossible
	}
	return ""
}

// decide settles for each aspect whose word stands, and reports whether the report was contradicted. Members on which the word
// that stands is silent are filled from the others, in order of precedence, where they agree.
func (state *LicenceState) decide(r *Report) (contradicted bool) {
	for _, aspect := range Aspects() {
		speakers := state.speakers(aspect)
		if len(speakers) == 0 {
			continue
		}
		for i, reporter := range speakers {
			said := state.Says[reporter].Facts
			if i == 0 {
				state.Stands.take(&said, aspect)
				state.Source[aspect] = reporter
				continue
			}
			state.Stands.fill(&said, aspect)
		}
		contradicted = contradicted || r.Facts.contradicts(&state.Stands, aspect)
	}
	return contradicted
}

// speakers gives who said something of the aspect; the first one's word stands.
func (state *LicenceState) speakers(aspect Aspect) []string {
	var speakers []string
	for reporter, saying := range state.Says {
		if _, spoke := saying.Words[aspect]; spoke {
			speakers = append(speakers, reporter)
		}
	}
	slices.SortFunc(speakers, func(a, b string) int {
		first, second := state.Says[a].Words[aspect], state.Says[b].Words[aspect]
		switch {
		case first.overrules(second, aspect):
			return -1
		case second.overrules(first, aspect):
			return 1
		}
		return strings.Compare(a, b) // equal rank, same moment: any order will do, if it is always the same
	})
	return speakers
}
