package casebook

import (
	"cmp"
	"fmt"
	"maps"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Noon is the moment of every request of a case: 24 November 2026, 12:00 in China.
func Noon() time.Time { return time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC) }

// defaultProvider authenticates where a case names nobody. It gives scores.
const defaultProvider = "demo-face"

type request struct {
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
		MatterName                         string `yaml:"matterName"`
		UnitName                           string `yaml:"unitName"`
		LegalBasis                         string `yaml:"legalBasis"`
	}
	Authentications []struct {
		Method     string
		Provider   string // empty: defaultProvider
		At         int    // seconds before the request
		Similarity *float64
	}
	Behalf *behalf
}

// behalf is what somebody shows who asks in the person's place. Days are counted from the request.
type behalf struct {
	Relation exchange.Relation
	Age      int      // of the agent, full years
	Same     bool     // he is the person himself
	From     *float64 // days ago; below 0: in days to come
	Until    *float64 // in how many days
	Scope    *struct {
		Purposes   []string
		Operations []exchange.Operation
		Fields     []exchange.Field
	}
}

func (b *behalf) domain() *exchange.BehalfFacts {
	if b == nil {
		return nil
	}
	made := &exchange.BehalfFacts{Relation: b.Relation, AgentAge: b.Age, AgentIsSubject: b.Same}
	if b.From != nil {
		made.From = Noon().Add(-days(*b.From))
	}
	if b.Until != nil {
		made.Until = Noon().Add(days(*b.Until))
	}
	if b.Scope != nil {
		made.Scope = &exchange.Scope{Purposes: b.Scope.Purposes, Operations: b.Scope.Operations, Fields: b.Scope.Fields}
	}
	return made
}

func days(n float64) time.Duration { return time.Duration(n * float64(24*time.Hour)) }

// Request makes the request that members in the form of a case say.
func Request(members map[string]any) (*exchange.DecisionRequest, error) {
	content, err := yaml.Marshal(members)
	if err != nil {
		return nil, fmt.Errorf("write the request down: %w", err)
	}
	var r request
	if err := yaml.UnmarshalWithOptions(content, &r, yaml.Strict()); err != nil {
		return nil, err
	}
	return r.domain(), nil
}

// Overlay lays changes over a request, member by member; neither is changed.
func Overlay(base, change map[string]any) map[string]any {
	result := map[string]any{}
	maps.Copy(result, base)
	for key, value := range change {
		below, isMap := result[key].(map[string]any)
		above, alsoMap := value.(map[string]any)
		if isMap && alsoMap {
			value = Overlay(below, above)
		}
		result[key] = value
	}
	return result
}

func (r *request) domain() *exchange.DecisionRequest {
	made := &exchange.DecisionRequest{
		Now: Noon(), Operation: r.Operation, Platform: r.Platform, Region: r.Region, Wanted: r.Wanted,
		SubjectAge: r.Age, FileNumber: r.FileNumber, Vehicles: r.Vehicles, Behalf: r.Behalf.domain(),
		Purpose: exchange.Purpose{
			Code: r.Purpose.Code, Matter: r.Purpose.Matter, MatterName: r.Purpose.MatterName, Case: r.Purpose.Case,
			Operator: r.Purpose.Operator, Unit: r.Purpose.Unit, UnitName: r.Purpose.UnitName, LegalBasis: r.Purpose.LegalBasis,
		},
	}
	if r.MaxAge != nil {
		bound := time.Duration(*r.MaxAge) * time.Second
		made.MaxAge = &bound
	}
	for _, a := range r.Authentications {
		made.Authentications = append(made.Authentications, exchange.Authentication{
			Method: a.Method, Provider: cmp.Or(a.Provider, defaultProvider), At: Noon().Add(-time.Duration(a.At) * time.Second),
			Similarity: a.Similarity,
		})
	}
	return made
}
