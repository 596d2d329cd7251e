package exchange

import (
	"maps"
	"slices"
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

// Apply puts a report to what is known and gives the new state, which is to be stored unless the outcome is duplicate, stale or
// impossible. state may be nil: nothing is known yet. It changes nothing that it was given.
func (state *LicenceState) Apply(r *Report) (*LicenceState, ReportOutcome) {
	next := state.copyFor(r)
	if outcome := next.refuses(r); outcome != "" {
		return state, outcome
	}
	saying := next.Says[r.Reporter].renewed(r)
	next.Says[r.Reporter] = saying
	before := next.Stands
	contradicted := next.decide(r)
	events := Events(&before, &next.Stands)
	if len(events) == 0 {
		if contradicted {
			return next, ReportConflicting
		}
		return next, ReportUnchanged
	}
	next.Version++
	next.Change = Change{Report: r.ID, Reporter: r.Reporter, Happened: r.Happened, Learned: r.Learned, Events: events}
	return next, ReportAccepted
}

// copyFor gives a state that may be changed.
func (state *LicenceState) copyFor(r *Report) *LicenceState {
	if state == nil {
		return &LicenceState{Licence: r.Licence, Region: r.Region, Says: map[string]Saying{}, Source: map[Aspect]string{}, Recorded: r.Learned}
	}
	next := *state
	next.Says, next.Source, next.Recorded = maps.Clone(state.Says), maps.Clone(state.Source), r.Learned
	return &next
}

// refuses gives the outcome of a report that must not be kept as the reporter's word.
func (state *LicenceState) refuses(r *Report) ReportOutcome {
	last, spoke := state.Says[r.Reporter]
	switch {
	case spoke && last.Last == r.ID:
		return ReportDuplicate
	case r.Happened.Sub(r.Learned) > futureTolerance:
		return ReportImpossible
	case spoke && r.Sequence != 0 && r.Sequence <= last.Sequence:
		return ReportStale
	case spoke && r.Sequence == 0 && last.laterThan(r):
		return ReportStale
	case r.Rank < RankAuthority && !mayBecome(state.Stands.Status, r.Facts.Status):
		return ReportImpossible
	}
	return ""
}

// laterThan reports whether the reporter said something newer of every aspect that the report is about.
func (s Saying) laterThan(r *Report) bool {
	about := 0
	for _, aspect := range Aspects() {
		if !r.Facts.Says(aspect) {
			continue
		}
		about++
		if said, ok := s.Happened[aspect]; !ok || !r.Happened.Before(said) {
			return false
		}
	}
	return about > 0
}

// renewed is the reporter's word after the report: newer aspects replace older ones, silence keeps them.
func (s Saying) renewed(r *Report) Saying {
	s.Happened = maps.Clone(s.Happened)
	if s.Happened == nil {
		s.Happened = map[Aspect]time.Time{}
	}
	s.Rank, s.Sequence, s.Last, s.Learned = r.Rank, max(s.Sequence, r.Sequence), r.ID, r.Learned
	for _, aspect := range Aspects() {
		if r.Facts.Says(aspect) && !r.Happened.Before(s.Happened[aspect]) {
			s.Facts.take(&r.Facts, aspect)
			s.Happened[aspect] = r.Happened
		}
	}
	return s
}

// decide settles for each aspect whose word stands, and reports whether the report was contradicted.
func (state *LicenceState) decide(r *Report) (contradicted bool) {
	for _, aspect := range Aspects() {
		winner := state.winner(aspect)
		if winner == "" {
			continue
		}
		said := state.Says[winner]
		state.Stands.take(&said.Facts, aspect)
		state.Source[aspect] = winner
		if r.Facts.Says(aspect) && !r.Facts.Agrees(&state.Stands, aspect) {
			contradicted = true
		}
	}
	return contradicted
}

// winner gives the reporter whose word on the aspect stands. A later word beats an earlier one only from a rank that is not
// lower, or if the aspect is one that this rank announces: a province knows of its own replacement before the police's copy
// does. The police's word, once it is as late, stands over everybody's.
func (state *LicenceState) winner(aspect Aspect) string {
	best := ""
	for _, reporter := range slices.Sorted(maps.Keys(state.Says)) {
		saying := state.Says[reporter]
		if _, spoke := saying.Happened[aspect]; !spoke {
			continue
		}
		if best == "" || overrules(saying, state.Says[best], aspect) {
			best = reporter
		}
	}
	return best
}

// overrules is the rule table of what stands. Between two words on one aspect: of equal rank the later one; else the higher
// rank, unless the lower one is later and announces the aspect by right.
func overrules(challenger, holder Saying, aspect Aspect) bool {
	later := challenger.Happened[aspect].After(holder.Happened[aspect])
	switch {
	case challenger.Rank == holder.Rank:
		return later
	case challenger.Rank > holder.Rank:
		return !holder.Happened[aspect].After(challenger.Happened[aspect]) || !announces(holder.Rank, aspect)
	}
	return later && announces(challenger.Rank, aspect)
}

// announces says which aspects a rank announces by right, before the authority's own copy shows them: what a provincial platform
// handles itself (补换证 and renewal, 驾驶证申领和使用规定 arts. 63-69). Points, classes and status letters are the police's alone.
func announces(rank Rank, aspect Aspect) bool {
	return rank == RankProvince && (aspect == AspectReplacement || aspect == AspectValidity)
}

// mayBecome says whether a status may turn into another without the authority's word: from 撤销, 吊销 or 注销 (E, F, G) nothing
// leads back, whatever else is said.
func mayBecome(before, after StatusSet) bool {
	if after == "" {
		return true
	}
	for _, final := range []StatusLetter{'E', 'F', 'G'} {
		if before.Has(final) && !after.Has(final) {
			return false
		}
	}
	return true
}
