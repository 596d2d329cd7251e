package shadow

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

// Finding is a request that the candidate decides otherwise. It holds nothing of the person asked about.
type Finding struct {
	ID        string              `json:"id,omitempty"` // of the decision, to be explained; a notice has none
	At        time.Time           `json:"at"`
	Platform  string              `json:"platform"`
	Purpose   string              `json:"purpose"`
	Operation exchange.Operation  `json:"operation"`
	Changes   []impact.Difference `json:"changes"`
}

// judge compares the candidate's word with the one that stands. That it can't decide is told apart: it would be a refusal at work.
func judge(one *asked, after *exchange.Decision, err error) Event {
	if err != nil {
		return Event{Outcome: Failed}
	}
	changes := impact.Compare(&one.decision, after)
	if len(changes) == 0 {
		return Event{Outcome: Same}
	}
	r := &one.request
	return Event{Changed, &Finding{r.ID, r.Now.UTC(), r.Platform, r.Purpose.Code, r.Operation, changes}}
}

// kept is how many findings are kept, the latest.
const kept = 500

// found counts what became of requests and keeps the latest findings. It is safe for concurrent use.
type found struct {
	mu     sync.Mutex
	since  time.Time
	counts map[Outcome]uint64
	kinds  map[impact.Kind]*Count
	latest []Finding // a ring once it is full
	next   int
}

// Reset forgets everything: policies of another revision are asked from now on.
func (s *Shadow) Reset() {
	fresh := newFound(s.config.Clock())
	s.found.mu.Lock()
	defer s.found.mu.Unlock()
	s.dropped.Store(0)
	s.found.since, s.found.counts, s.found.kinds, s.found.latest, s.found.next = fresh.since, fresh.counts, fresh.kinds, nil, 0
}

// Count counts the requests with a change of one kind. A request counts once, however many of its fields change.
type Count struct {
	Kind   impact.Kind `json:"kind"`
	Count  uint64      `json:"count"`
	Widens uint64      `json:"widens"` // of them, those that show more
}

func newFound(now time.Time) *found {
	return &found{since: now.UTC(), counts: map[Outcome]uint64{}, kinds: map[impact.Kind]*Count{}}
}

func (f *found) add(event Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.counts[event.Outcome]++
	if event.Found == nil {
		return
	}
	for kind, widens := range event.Found.Kinds() {
		if f.kinds[kind] == nil {
			f.kinds[kind] = &Count{Kind: kind}
		}
		f.kinds[kind].Count++
		if widens {
			f.kinds[kind].Widens++
		}
	}
	f.keep(*event.Found)
}

// Kinds gives the kinds of a finding's changes, and whether one of that kind widens.
func (f *Finding) Kinds() map[impact.Kind]bool {
	kinds := map[impact.Kind]bool{}
	for _, change := range f.Changes {
		kinds[change.Kind] = kinds[change.Kind] || change.Widens
	}
	return kinds
}

func (f *found) keep(one Finding) {
	if len(f.latest) < kept {
		f.latest = append(f.latest, one)
		return
	}
	f.latest[f.next] = one
	f.next = (f.next + 1) % kept
}

// Report is what the candidate would have done since the start.
type Report struct {
	Baseline  string    `json:"baseline"`  // revision in force now
	Candidate string    `json:"candidate"` // revision
	Since     time.Time `json:"since"`
	Same      uint64    `json:"same"`
	Changed   uint64    `json:"changed"`
	Failed    uint64    `json:"failed"`
	Skipped   uint64    `json:"skipped"` // not asked: its share of the processor was used up
	Dropped   uint64    `json:"dropped"` // not asked: too many waited
	Kinds     []Count   `json:"kinds"`
	Latest    []Finding `json:"latest"` // the newest first
}

// Report gives what was found so far. baseline and candidate name the two revisions.
func (s *Shadow) Report(baseline, candidate string) Report {
	f := s.found
	f.mu.Lock()
	defer f.mu.Unlock()
	r := Report{
		Baseline: baseline, Candidate: candidate, Since: f.since, Same: f.counts[Same], Changed: f.counts[Changed], Failed: f.counts[Failed],
		Skipped: f.counts[Skipped], Dropped: s.dropped.Load(), Kinds: []Count{}, Latest: []Finding{},
	}
	for _, count := range f.kinds {
		r.Kinds = append(r.Kinds, *count)
	}
	slices.SortFunc(r.Kinds, func(a, b Count) int { return cmp.Compare(a.Kind, b.Kind) })
	for i := range f.latest {
		r.Latest = append(r.Latest, f.latest[(f.next+len(f.latest)-1-i)%len(f.latest)])
	}
	return r
}
