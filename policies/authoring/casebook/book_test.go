package casebook_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies/authoring/casebook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func read(t *testing.T, content string) ([]*casebook.Case, error) {
	t.Helper()
	return casebook.Read(fstest.MapFS{"cases/a.yaml": {Data: []byte(content)}})
}

// TestDifferences: a case that fails says what is and what was expected, in its author's words.
func TestDifferences(t *testing.T) {
	t.Parallel()
	bound, identity := 60, true
	wrong := casebook.Expectation{
		Allow: false, Reasons: []string{"no_rule"}, Assurance: "sms", Tier: "daily", Bound: &bound, OnStale: "mark", CheckIdentity: &identity,
		Includes: map[exchange.Field]exchange.Mask{"address": "none", "points": "year"},
		Withheld: map[exchange.Field]string{"classes": "not_for_platform", "phone": "no_rule"},
	}
	got := &exchange.Decision{
		Allow: true, Assurance: "face", Freshness: "realtime", AgeBound: 600e9, OnStale: exchange.StaleRefuse,
		Grants:   map[exchange.Field]exchange.Mask{"points": "none", "classes": "none"},
		Withheld: []exchange.Withheld{{Field: "address", Code: "not_across_provinces"}, {Field: "phone", Code: "not_across_provinces"}},
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
	if said := words(wrong.Of(got)); !slices.Equal(said, want) {
		t.Errorf("differences %q, want %q", said, want)
	}
	exactly := casebook.Expectation{Allow: true, Shown: map[exchange.Field]exchange.Mask{"points": "none"}}
	if said := words(exactly.Of(got)); !slices.Equal(said, []string{"classes: shown (none), expected: not shown"}) {
		t.Errorf("differences %q", said)
	}
	ranked := casebook.Expectation{Rank: "none", Reasons: []string{"region_not_own"}}
	if said := words(ranked.OfRank(exchange.RankProvince, nil)); !slices.Equal(said, []string{
		"rank: province, expected: none", "reasons: [], expected: [region_not_own]",
	}) {
		t.Errorf("differences %q", said)
	}
}

func words(differences []casebook.Difference) []string {
	var said []string
	for _, one := range differences {
		said = append(said, one.String())
	}
	return said
}

// TestBases: a case changes its base member by member, and leaves it as it is.
func TestBases(t *testing.T) {
	t.Parallel()
	cases, err := read(t, `# Head.
one:
  request: {platform: a, age: 20, purpose: {code: x, matter: m}, authentications: [{method: sms, at: 60}]}

two:
  base: one
  request: {age: 30, purpose: {code: y}, maxAge: 5}
  expect: {allow: true}
`)
	if err != nil || len(cases) != 2 {
		t.Fatalf("%d cases, error %v", len(cases), err)
	}
	one, two := cases[0], cases[1]
	if one.Place() != "cases/a.yaml:2" || two.Place() != "cases/a.yaml:5" || one.Expect != nil || two.Expect == nil {
		t.Errorf("cases at %s and %s", one.Place(), two.Place())
	}
	if one.Request.SubjectAge != 20 || one.Request.Purpose.Code != "x" {
		t.Errorf("the base became %+v", one.Request)
	}
	if r := two.Request; r.Platform != "a" || r.SubjectAge != 30 || r.Purpose.Code != "y" || r.Purpose.Matter != "m" || r.MaxAge.Seconds() != 5 ||
		len(r.Authentications) != 1 || casebook.Noon().Sub(r.Authentications[0].At).Seconds() != 60 {
		t.Errorf("the case became %+v", r)
	}
}

// TestFaults: what is wrong with a file is told with its place.
func TestFaults(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"a:\n  bse: b\n":                                    "cases/a.yaml",
		"\na:\n  base: b\n":                                 `cases/a.yaml:2: a: there is no case "b"`,
		"a:\n  base: b\nb:\n  base: a\n":                    "starts from itself",
		"a:\n  base: a\n":                                   "starts from itself",
		"a:\n  request: {plattform: x}\n":                   "plattform",
		"a:\n  base: b\n  announce: {reporter: x}\nb: {}\n": "an announcement has neither",
		"a:\n":   "a case of nothing",
		"- a\n":  "cases/a.yaml",
		"a: [\n": "cases/a.yaml:1",
	} {
		if _, err := read(t, content); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", content, err, want)
		}
	}
	twice := fstest.MapFS{"cases/a.yaml": {Data: []byte("x: {request: {age: 1}}\n")}, "cases/b.yaml": {Data: []byte("x: {request: {age: 1}}\n")}}
	if _, err := casebook.Read(twice); err == nil || !strings.Contains(err.Error(), `cases/b.yaml:1: the case "x" is also at cases/a.yaml:1`) {
		t.Errorf("error %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("a:\n  base: b\n  request: {age: 1}\nb:\n  expect: {allow: true}\n")
	f.Add("a: &a\n  request: *a\n")
	f.Fuzz(func(t *testing.T, content string) {
		cases, err := read(t, content)
		for _, c := range cases {
			if err == nil && c.Request == nil && c.Announce == nil {
				t.Errorf("%s is neither a request nor an announcement", c.Place())
			}
		}
	})
}
