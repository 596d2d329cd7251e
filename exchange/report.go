package exchange

import (
	"cmp"
	"slices"
	"time"
)

// Report is what a party announces of one licence. It is a fact to be kept, whether it stands or not.
type Report struct {
	ID       string    // the reporter's idempotency key: the same one again is the same report
	Reporter string    // platform or source id, as authenticated
	Rank     Rank      // of the reporter for this licence
	Licence  string    // pseudonym of the licence's holder: the licence's key
	Subject  Subject   // who it is, for the platforms that must be told; sealed wherever it is stored
	Region   Region    // province that keeps the licence
	Sequence uint64    // the reporter's own number of this report, growing per licence; 0: it does not count
	Happened time.Time // when it came about at the reporter, such as gxsj
	Learned  time.Time // when the gateway came to know
	Facts    Facts
	Origin   string   // who said it first, if the reporter only passes it on; empty: the reporter itself
	Via      []string // gateways that passed it on, the first one first, so that it never goes round
	Trace    string   // W3C traceparent of the work that took it in; empty: none is kept
	Caller   Caller   // as the reporter signed it; zero for what was found by polling
}

// Rank orders reporters by authority over a licence; the higher word stands.
type Rank int

// The ranks.
const (
	RankNone      Rank = iota // may report nothing of this licence
	RankPlatform              // another platform, such as a national entrance
	RankProvince              // the province's own platform, for a licence that the province keeps
	RankAuthority             // the traffic police (公安交管)
)

// LicenceState is everything known of one licence: what each reporter says, what stands, and the change that led here. It is
// stored whole with each change: the append is the new state and the event at once.
type LicenceState struct {
	Licence  string            `json:"licence"`
	Region   Region            `json:"region"`
	Version  uint64            `json:"version"` // grows by one with each change of what stands; deliveries are idempotent by it
	Says     map[string]Saying `json:"says"`    // by reporter
	Stands   Facts             `json:"stands"`
	Source   map[Aspect]string `json:"source"` // whose word stands, per aspect
	Change   Change            `json:"change"` // the one that made this version
	Recorded time.Time         `json:"recorded"`
}

// Change is one step from what stood to what stands.
type Change struct {
	Report   string    `json:"report"` // id of the report that brought it
	Reporter string    `json:"reporter"`
	Happened time.Time `json:"happened"`
	Learned  time.Time `json:"learned"`
	Events   []Event   `json:"events"`
	Origin   string    `json:"origin"` // who said it first
	Via      []string  `json:"via,omitempty"`
	Trace    string    `json:"trace,omitempty"` // W3C traceparent of the report's taking in, to which deliveries refer
}

func (r *Report) change(events []Event) Change {
	return Change{
		Report: r.ID, Reporter: r.Reporter, Happened: r.Happened, Learned: r.Learned, Events: events,
		Origin: cmp.Or(r.Origin, r.Reporter), Via: slices.Clone(r.Via), Trace: r.Trace,
	}
}

// EventKind is one kind of change. Adding a kind may not break a reader: unknown ones are to be skipped.
type EventKind string

// The kinds.
const (
	StatusAdded     EventKind = "status.added"     // Letter came to the set
	StatusRemoved   EventKind = "status.removed"   // Letter left it
	ClassChanged    EventKind = "class.changed"    // zjcx
	ValidityChanged EventKind = "validity.changed" // yxqz or 长期
	Replaced        EventKind = "replaced"         // bzcs or zxbh: the old card is void at once (驾驶证申领和使用规定 art. 69)
	PointsChanged   EventKind = "points.changed"   // ljjf
	Cleared         EventKind = "cleared"          // qfrq moved on
)

// Aspect gives the aspect that the kind is about, "" for an unknown kind.
func (k EventKind) Aspect() Aspect {
	switch k {
	case StatusAdded, StatusRemoved:
		return AspectStatus
	case ClassChanged:
		return AspectClasses
	case ValidityChanged:
		return AspectValidity
	case Replaced:
		return AspectReplacement
	case PointsChanged:
		return AspectPoints
	case Cleared:
		return AspectCycle
	}
	return ""
}

// Event is one thing that changed.
type Event struct {
	Kind   EventKind `json:"kind"`
	Letter string    `json:"letter,omitempty"` // of status events
}

// Events gives what changed between two sets of facts. The first facts of a licence are a change from nothing.
func Events(before, after *Facts) []Event {
	var events []Event
	for _, letter := range after.Status.Minus(before.Status).Letters() {
		events = append(events, Event{StatusAdded, string(letter)})
	}
	for _, letter := range before.Status.Minus(after.Status).Letters() {
		events = append(events, Event{StatusRemoved, string(letter)})
	}
	for _, kind := range []EventKind{ClassChanged, ValidityChanged, Replaced, PointsChanged, Cleared} {
		if !before.Agrees(after, kind.Aspect()) {
			events = append(events, Event{Kind: kind})
		}
	}
	return events
}
