package demo_test

import (
	"crypto/sha256"
	"encoding/json"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/specs"
)

// exampleRequest is what policy looks at in an example of the contract.
type exampleRequest struct {
	Region          exchange.Region
	Purpose         exchange.Purpose
	Authentications []exchange.Authentication
	Fields          []exchange.Field
	Vehicles        []struct{}
}

// What the contract shows must not be refused by the policies that come with it: who copies an example starts with one that works.
func TestContractExamplesPassThePolicies(t *testing.T) {
	t.Parallel()
	document, err := openapi3.NewLoader().LoadFromData(specs.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	engine, err := policies.New(policies.Embedded(), policies.Options{NewHash: sha256.New, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	for path, operation := range map[string]exchange.Operation{
		"/v1/licences/query": exchange.LicenceQuery, "/v1/violations/query": exchange.ViolationsQuery, "/v1/violations/picture": exchange.PictureQuery,
		"/v1/study/eligibility": exchange.StudyQuery,
	} {
		examples := document.Paths.Value(path).Post.RequestBody.Value.Content["application/json"].Examples
		if len(examples) == 0 {
			t.Errorf("%s has no example", path)
		}
		for name, example := range examples {
			decision, err := engine.Decide(t.Context(), decisionOn(t, operation, example.Value.Value))
			if err != nil || !decision.Allow {
				t.Errorf("%s, example %s: refused for %v, %v", path, name, decision.Reasons, err)
			}
		}
	}
}

// decisionOn asks about an example as Shanghai's platform, one minute after the citizen was authenticated.
func decisionOn(t *testing.T, operation exchange.Operation, example any) exchange.DecisionRequest {
	t.Helper()
	text, err := json.Marshal(example)
	if err != nil {
		t.Fatal(err)
	}
	var given exampleRequest
	if err := json.Unmarshal(text, &given); err != nil || len(given.Authentications) == 0 {
		t.Fatalf("%v: %s", err, text)
	}
	return exchange.DecisionRequest{
		Now: given.Authentications[0].At.Add(time.Minute), Operation: operation, Platform: "suishenban", Region: given.Region,
		Purpose: given.Purpose, Authentications: given.Authentications, Wanted: given.Fields, SubjectAge: 76, Vehicles: len(given.Vehicles),
	}
}
