package policies_test

import (
	"cmp"
	"io/fs"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// acase is one decision as data: see the head of cases/base.yaml and docs/policies.md.
type acase struct {
	Base    string         `yaml:"base"`
	Request map[string]any `yaml:"request"`
	Expect  *expectation   `yaml:"expect"`
}

type caseRequest struct {
	Operation  exchange.Operation
	Platform   string
	Region     exchange.Region
	Age        int
	Vehicles   int
	FileNumber bool `yaml:"fileNumber"`
	MaxAge     *int `yaml:"maxAge"` // seconds
	Wanted     []exchange.Field
	Purpose    struct {
		Code, Matter, Case, Operator, Unit string
		LegalBasis                         string `yaml:"legalBasis"`
	}
	Authentications []struct {
		Method     string
		Provider   string // empty: demo-face
		At         int    // seconds before the request
		Similarity *float64
	}
}

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
}

func TestCases(t *testing.T) {
	t.Parallel()
	engine := sharedEngine(t)
	all := readCases(t)
	for name, c := range all {
		if c.Expect == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := engine.Decide(t.Context(), requestOf(t, all, name))
			if err != nil {
				t.Fatal(err)
			}
			c.Expect.check(t, got)
		})
	}
}

func readCases(t testing.TB) map[string]acase {
	t.Helper()
	paths, err := fs.Glob(os.DirFS("cases"), "*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatal("no cases", err)
	}
	all := map[string]acase{}
	for _, path := range paths {
		content, err := fs.ReadFile(os.DirFS("cases"), path)
		if err != nil {
			t.Fatal(err)
		}
		var cases map[string]acase
		if err := yaml.UnmarshalWithOptions(content, &cases, yaml.Strict()); err != nil {
			t.Fatal(path, err)
		}
		for name, c := range cases {
			if _, taken := all[name]; taken {
				t.Fatalf("%s: there are two cases %q", path, name)
			}
			all[name] = c
		}
	}
	return all
}

// requestOf lays the case's changes over its base's request, member by member.
func requestOf(t testing.TB, all map[string]acase, name string) exchange.DecisionRequest {
	t.Helper()
	content, err := yaml.Marshal(merged(t, all, name))
	if err != nil {
		t.Fatal(err)
	}
	var request caseRequest
	if err := yaml.UnmarshalWithOptions(content, &request, yaml.Strict()); err != nil {
		t.Fatal(name, err)
	}
	return request.domain()
}

func merged(t testing.TB, all map[string]acase, name string) map[string]any {
	t.Helper()
	c, known := all[name]
	if !known {
		t.Fatalf("there is no case %q", name)
	}
	if c.Base == "" {
		return c.Request
	}
	return overlay(merged(t, all, c.Base), c.Request)
}

func overlay(base, change map[string]any) map[string]any {
	result := maps.Clone(base)
	for key, value := range change {
		below, isMap := result[key].(map[string]any)
		above, alsoMap := value.(map[string]any)
		if isMap && alsoMap {
			value = overlay(below, above)
		}
		result[key] = value
	}
	return result
}

func (r *caseRequest) domain() exchange.DecisionRequest {
	request := exchange.DecisionRequest{
		Now: noon, Operation: r.Operation, Platform: r.Platform, Region: r.Region, Wanted: r.Wanted,
		SubjectAge: r.Age, FileNumber: r.FileNumber, Vehicles: r.Vehicles,
		Purpose: exchange.Purpose{
			Code: r.Purpose.Code, Matter: r.Purpose.Matter, Case: r.Purpose.Case, Operator: r.Purpose.Operator,
			Unit: r.Purpose.Unit, LegalBasis: r.Purpose.LegalBasis,
		},
	}
	if r.MaxAge != nil {
		bound := time.Duration(*r.MaxAge) * time.Second
		request.MaxAge = &bound
	}
	for _, a := range r.Authentications {
		request.Authentications = append(request.Authentications, exchange.Authentication{
			Method: a.Method, Provider: cmp.Or(a.Provider, "demo-face"), At: noon.Add(-time.Duration(a.At) * time.Second), Similarity: a.Similarity,
		})
	}
	return request
}

func (e *expectation) check(t *testing.T, got exchange.Decision) {
	t.Helper()
	if got.Allow != e.Allow {
		t.Errorf("allow %v, reasons %v", got.Allow, codesOf(got.Reasons))
	}
	if want := slices.Sorted(slices.Values(e.Reasons)); !slices.Equal(codesOf(got.Reasons), want) {
		t.Errorf("reasons %v, want %v", codesOf(got.Reasons), want)
	}
	if e.Shown != nil && !maps.Equal(got.Grants, e.Shown) {
		t.Errorf("shown %v, want %v", got.Grants, e.Shown)
	}
	for field, mask := range e.Includes {
		if got.Grants[field] != mask {
			t.Errorf("%s is shown as %q, want %q", field, got.Grants[field], mask)
		}
	}
	withheld := withheldCodes(got)
	for field, code := range e.Withheld {
		if withheld[field] != code {
			t.Errorf("%s is withheld for %q, want %q", field, withheld[field], code)
		}
	}
	e.checkTerms(t, got)
}

func (e *expectation) checkTerms(t *testing.T, got exchange.Decision) {
	t.Helper()
	if e.Assurance != "" && got.Assurance != e.Assurance {
		t.Errorf("assurance %s, want %s", got.Assurance, e.Assurance)
	}
	if e.Tier != "" && got.Freshness != e.Tier {
		t.Errorf("tier %s, want %s", got.Freshness, e.Tier)
	}
	if e.Bound != nil && got.AgeBound != time.Duration(*e.Bound)*time.Second {
		t.Errorf("bound %s, want %d s", got.AgeBound, *e.Bound)
	}
	if e.OnStale != "" && got.OnStale != e.OnStale {
		t.Errorf("on stale %s, want %s", got.OnStale, e.OnStale)
	}
	if e.CheckIdentity != nil && got.CheckIdentity != *e.CheckIdentity {
		t.Errorf("check identity %v", got.CheckIdentity)
	}
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
