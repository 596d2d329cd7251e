package reconcile

import (
	"iter"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Kind is one way in which a platform can hold something else than it should.
type Kind string

// The kinds.
const (
	Missing    Kind = "missing"    // it was to be told of the licence and does not have it
	Behind     Kind = "behind"     // it has an older version, and was to be told of a newer one
	Different  Kind = "different"  // it has the version, with other fields than it was told
	Ahead      Kind = "ahead"      // it has a version that was never made: another gateway told it, or the ledger is an old copy
	Unexpected Kind = "unexpected" // it has a licence that nobody knows here, or that policy lets it see nothing of
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{Missing, Behind, Different, Ahead, Unexpected} }

// Repairable reports whether telling the platform again can mend it. For the other kinds the platform itself must look.
func (k Kind) Repairable() bool { return k == Missing || k == Behind || k == Different }

// Finding is what a comparison found of one kind.
type Finding struct {
	Count  int
	Oldest time.Time // since when the one is wrong that is wrong for longest, as far as can be known; zero: unknown or none
	Sample []string  // up to five licences, by key
}

const sampled = 5

// Report is the outcome of one comparison.
type Report struct {
	Platform  string
	Began     time.Time
	Ended     time.Time
	Known     int // licences known here
	Held      int // licences that the platform holds
	Agreeing  int // of those known
	Waiting   int // of those known: their newest change is still on its way
	Unsettled int // changed each time they were looked at, so that nothing can be said
	Unclear   int // could not be compared: the entry can't be read, or the adapter can't write it
	Findings  map[Kind]Finding
	Aspects   map[exchange.Aspect]int // licences by what is wrong with them, as far as their history tells; one may count for several

	repairable packed
}

// Diverged counts the licences of all findings.
func (r *Report) Diverged() int {
	count := 0
	for _, finding := range r.Findings {
		count += finding.Count
	}
	return count
}

// Oldest gives since when the platform is wrong, as far as can be known; zero: not at all, or unknown.
func (r *Report) Oldest() time.Time {
	var oldest time.Time
	for _, finding := range r.Findings {
		oldest = earlier(oldest, finding.Oldest)
	}
	return oldest
}

// Repairable gives the licences, in order of their keys, that telling again can mend, and how many they are.
func (r *Report) Repairable() (iter.Seq[string], int) { return r.repairable.all(), len(r.repairable) }

// add counts one verdict that stands.
func (r *Report) add(licence string, v verdict) {
	finding := r.Findings[v.kind]
	finding.Count++
	finding.Oldest = earlier(finding.Oldest, v.since)
	if len(finding.Sample) < sampled && (v.kind != Unexpected || pack(licence).long == "") { // who knows what a platform calls its own
		finding.Sample = append(finding.Sample, licence)
	}
	r.Findings[v.kind] = finding
	for _, aspect := range v.aspects {
		r.Aspects[aspect]++
	}
	if v.kind.Repairable() {
		r.repairable = append(r.repairable, pack(licence))
	}
}

// earlier gives the earlier of two moments; the zero time is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
