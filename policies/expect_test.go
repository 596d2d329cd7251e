package policies_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

type expectation struct {
	Allow         bool
	Reasons       []string
	Shown         map[exchange.Field]exchange.Mask // exactly these
	Includes      map[exchange.Field]exchange.Mask // these and maybe others
	Withheld      map[exchange.Field]string        // these and maybe others
	Assurance     string
	Tier          string
	Bound         *int                 // seconds
	OnStale       exchange.StaleAction `yaml:"onStale"`
	CheckIdentity *bool                `yaml:"checkIdentity"`
	Rank          string               // of an announcement: authority, province, platform or none
}

// faults says what of a decision is not as expected, in the words of the cases.
func (e *expectation) faults(got exchange.Decision) []string {
	var faults []string
	differs := func(what string, is, want any) {
		if is, want := fmt.Sprint(is), fmt.Sprint(want); is != want {
			faults = append(faults, fmt.Sprintf("%s: %s, expected: %s", what, is, want))
		}
	}
	differs("allow", got.Allow, e.Allow)
	differs("reasons", codesOf(got.Reasons), slices.Sorted(slices.Values(e.Reasons)))
	for _, field := range e.fieldsOf(got) {
		if want := e.wants(field); want != "" {
			differs(string(field), fateOf(got, field), want)
		}
	}
	if e.Assurance != "" {
		differs("assurance", got.Assurance, e.Assurance)
	}
	if e.Tier != "" {
		differs("tier", got.Freshness, e.Tier)
	}
	if e.Bound != nil {
		differs("bound", got.AgeBound, time.Duration(*e.Bound)*time.Second)
	}
	if e.OnStale != "" {
		differs("onStale", got.OnStale, e.OnStale)
	}
	if e.CheckIdentity != nil {
		differs("checkIdentity", got.CheckIdentity, *e.CheckIdentity)
	}
	return faults
}

// fieldsOf gives every field that the decision or the case speaks of.
func (e *expectation) fieldsOf(got exchange.Decision) []exchange.Field {
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
func (e *expectation) wants(field exchange.Field) string {
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

func fateOf(got exchange.Decision, field exchange.Field) string {
	if mask, ok := got.Grants[field]; ok {
		return shownBy(mask)
	}
	if code, ok := withheldCodes(got)[field]; ok {
		return "withheld: " + code
	}
	return "neither shown nor withheld"
}

// rankFaults says what of the answer to an announcement is not as expected.
func (e *expectation) rankFaults(rank exchange.Rank, err error) []string {
	names := []string{"none", "platform", "province", "authority"}
	var refusal *exchange.Error
	if errors.As(err, &refusal) && refusal.Code != exchange.PolicyRefused {
		return []string{"no answer: " + err.Error()}
	}
	var reasons []string
	if refusal != nil {
		reasons = codesOf(refusal.Reasons)
	}
	var faults []string
	if names[rank] != e.Rank {
		faults = append(faults, fmt.Sprintf("rank: %s, expected: %s", names[rank], e.Rank))
	}
	if want := slices.Sorted(slices.Values(e.Reasons)); !slices.Equal(reasons, want) {
		faults = append(faults, fmt.Sprintf("reasons: %v, expected: %v", reasons, want))
	}
	return faults
}

// codesOf gives the distinct codes, sorted.
func codesOf(reasons []exchange.Reason) []string {
	codes := map[string]bool{}
	for _, reason := range reasons {
		codes[reason.Code] = true
	}
	return slices.Sorted(maps.Keys(codes))
}

func withheldCodes(d exchange.Decision) map[exchange.Field]string {
	codes := map[exchange.Field]string{}
	for _, w := range d.Withheld {
		codes[w.Field] = w.Code
	}
	return codes
}

// TestFaultsOfCases: a case that fails says what is and what was expected, in its author's words, and where it is written.
func TestFaultsOfCases(t *testing.T) {
	t.Parallel()
	bound, identity := 60, true
	wrong := expectation{
		Allow: false, Reasons: []string{"no_rule"}, Assurance: "sms", Tier: "daily", Bound: &bound, OnStale: "mark", CheckIdentity: &identity,
		Includes: map[exchange.Field]exchange.Mask{"address": "none", "points": "year"},
		Withheld: map[exchange.Field]string{"classes": "not_for_platform", "phone": "no_rule"},
	}
	request := ownQuery()
	request.Region = "330000"
	got, err := sharedEngine(t).Decide(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"allow: true, expected: false", "reasons: [], expected: [no_rule]",
		"address: withheld: not_across_provinces, expected: shown (none)",
		"classes: shown (none), expected: withheld: not_for_platform",
		"phone: withheld: not_across_provinces, expected: withheld: no_rule",
		"points: shown (none), expected: shown (year)",
		"assurance: face, expected: sms", "tier: realtime, expected: daily", "bound: 10m0s, expected: 1m0s",
		"onStale: refuse, expected: mark", "checkIdentity: false, expected: true",
	}
	if faults := wrong.faults(got); !slices.Equal(faults, want) {
		t.Errorf("faults %q, want %q", faults, want)
	}
	exactly := expectation{Allow: true, Shown: map[exchange.Field]exchange.Mask{"points": "none"}}
	if faults := exactly.faults(got); !slices.Contains(faults, "status: shown (none), expected: not shown") {
		t.Errorf("faults %q", faults)
	}
	if place := placeOf(t, "a.yaml", []byte("# Head.\none:\n  x: 1\n\ntwo:\n  y: 2\n"), "two"); place != "cases/a.yaml:5" {
		t.Errorf("the second case is at %s", place)
	}
}
