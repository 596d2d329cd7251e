package policies_test

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// acase is one decision as data: see the head of cases/base.yaml and docs/policies.md.
type acase struct {
	Base     string         `yaml:"base"`
	Request  map[string]any `yaml:"request"`
	Announce *announcement  `yaml:"announce"`
	Expect   *expectation   `yaml:"expect"`
	place    string         // file and line
}

// announcement asks who may announce a change, instead of who may see what.
type announcement struct {
	Reporter string
	Region   exchange.Region
	Aspects  []exchange.Aspect
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
			for _, fault := range faults(t, engine, all, name) {
				t.Errorf("%s: %s: %s", c.place, name, fault)
			}
		})
	}
}

// faults says what of a case is not as expected.
func faults(t *testing.T, engine *policies.Engine, all map[string]acase, name string) []string {
	t.Helper()
	c := all[name]
	if c.Announce != nil {
		rank, err := engine.Rank(t.Context(), c.Announce.Reporter, c.Announce.Region, c.Announce.Aspects, noon)
		return c.Expect.rankFaults(rank, err)
	}
	got, err := engine.Decide(t.Context(), requestOf(t, all, name))
	if err != nil {
		return []string{"no decision: " + err.Error()}
	}
	return c.Expect.faults(got)
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
			if other, taken := all[name]; taken {
				t.Fatalf("%s: the case %q is also at %s", placeOf(t, path, content, name), name, other.place)
			}
			c.place = placeOf(t, path, content, name)
			all[name] = c
		}
	}
	return all
}

// placeOf gives file and line of a case.
func placeOf(t testing.TB, path string, content []byte, name string) string {
	t.Helper()
	before, _, found := strings.Cut("\n"+string(content), "\n"+name+":")
	if !found {
		t.Fatalf("%s: write the name of the case %q as it is, at the beginning of its line", path, name)
	}
	return fmt.Sprintf("cases/%s:%d", path, strings.Count(before, "\n")+1)
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
		t.Fatalf("%s: %s: %v", all[name].place, name, err)
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
