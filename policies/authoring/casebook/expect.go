package casebook

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// Expectation is what a case says of the answer. What it doesn't speak of may be anything, but for Allow and Reasons.
type Expectation struct {
	Allow         bool
	Reasons       []string                         // all codes
	Shown         map[exchange.Field]exchange.Mask // exactly these
	Includes      map[exchange.Field]exchange.Mask // these and maybe others
	Withheld      map[exchange.Field]string        // these and maybe others
	Assurance     string
	Tier          string
	Bound         *int                 // seconds
	OnStale       exchange.StaleAction `yaml:"onStale"`
	CheckIdentity *bool                `yaml:"checkIdentity"`
	Quotas        *[]string            // such as "5000 subjects per 24h0m0s", all of them
	Rank          string               // of an announcement: authority, province, platform or none
	Verdict       exchange.StudyOutcome
	Against       []string          // of education: grounds in the way, in order
	Unknown       []string          // and those that cannot be told; all others are clear
	Why           map[string]string // where the state of a ground comes from
	Most          *int              // points that can be reduced; absent: none is told
	Terms         *Terms            // of emergency access
}

// Difference is one thing that is not as expected.
type Difference struct {
	What     string // allow, reasons, a field, …
	Is, Want string
	Field    exchange.Field // "" if it is about none
}

func (d Difference) String() string { return fmt.Sprintf("%s: %s, expected: %s", d.What, d.Is, d.Want) }

// Of says what of a decision is not as expected.
func (e *Expectation) Of(got *exchange.Decision) []Difference {
	var all differences
	all.compare("allow", got.Allow, e.Allow)
	all.compare("reasons", codesOf(got.Reasons), slices.Sorted(slices.Values(e.Reasons)))
	for _, field := range e.fieldsOf(got) {
		if is, want := fate(got, field), e.wants(field); want != "" && is != want {
			all = append(all, Difference{string(field), is, want, field})
		}
	}
	e.terms(got, &all)
	return all
}

// terms compares what is not about fields and which a case may leave open.
func (e *Expectation) terms(got *exchange.Decision, all *differences) {
	if e.Assurance != "" {
		all.compare("assurance", got.Assurance, e.Assurance)
	}
	if e.Tier != "" {
		all.compare("tier", got.Freshness, e.Tier)
	}
	if e.Bound != nil {
		all.compare("bound", got.AgeBound, time.Duration(*e.Bound)*time.Second)
	}
	if e.OnStale != "" {
		all.compare("onStale", got.OnStale, e.OnStale)
	}
	if e.CheckIdentity != nil {
		all.compare("checkIdentity", got.CheckIdentity, *e.CheckIdentity)
	}
	if e.Quotas != nil {
		all.compare("quotas", quotasOf(got), slices.Sorted(slices.Values(*e.Quotas)))
	}
}

// OfRank says what of the answer to an announcement is not as expected.
func (e *Expectation) OfRank(rank exchange.Rank, reasons []exchange.Reason) []Difference {
	var all differences
	all.compare("rank", policies.RankName(rank), e.Rank)
	all.compare("reasons", codesOf(reasons), slices.Sorted(slices.Values(e.Reasons)))
	return all
}

type differences []Difference

func (d *differences) compare(what string, is, want any) {
	if is, want := fmt.Sprint(is), fmt.Sprint(want); is != want {
		*d = append(*d, Difference{What: what, Is: is, Want: want})
	}
}

// fieldsOf gives every field that the decision or the case speaks of.
func (e *Expectation) fieldsOf(got *exchange.Decision) []exchange.Field {
	fields := map[exchange.Field]bool{}
	for _, masks := range []map[exchange.Field]exchange.Mask{got.Grants, e.Shown, e.Includes} {
		for field := range masks {
			fields[field] = true
		}
	}
	for field := range e.Withheld {
		fields[field] = true
	}
	return slices.Sorted(maps.Keys(fields))
}

// wants says what should become of a field, "" if the case doesn't.
func (e *Expectation) wants(field exchange.Field) string {
	if mask, ok := e.Includes[field]; ok {
		return shownBy(mask)
	}
	if code, ok := e.Withheld[field]; ok {
		return "withheld: " + code
	}
	if mask, ok := e.Shown[field]; ok {
		return shownBy(mask)
	}
	if e.Shown != nil {
		return "not shown"
	}
	return ""
}

func shownBy(mask exchange.Mask) string { return fmt.Sprintf("shown (%s)", mask) }

func fate(got *exchange.Decision, field exchange.Field) string {
	if mask, ok := got.Grants[field]; ok {
		return shownBy(mask)
	}
	for _, withheld := range got.Withheld {
		if withheld.Field == field {
			return "withheld: " + withheld.Code
		}
	}
	return "neither shown nor withheld"
}

func quotasOf(got *exchange.Decision) []string {
	var texts []string
	for i := range got.Quotas {
		texts = append(texts, got.Quotas[i].String())
	}
	slices.Sort(texts)
	return texts
}

// codesOf gives the distinct codes, sorted.
func codesOf(reasons []exchange.Reason) []string {
	codes := map[string]bool{}
	for _, reason := range reasons {
		codes[reason.Code] = true
	}
	return slices.Sorted(maps.Keys(codes))
}
