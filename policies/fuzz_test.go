package policies_test

import (
	"slices"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// FuzzDecide: whatever a caller writes into the texts of a request, there is a decision, and it grants nothing that the operation
// doesn't have.
func FuzzDecide(f *testing.F) {
	f.Add("licence.query", "suishenban", "310000", "self-query", "m", "self", "", "consent", "face", "points", int64(60), 0.9)
	f.Add("violations.query", "jiaoguan12123", "650000", "violation-handling", "m", "clerk", "310000000000", "PIPL-13-3", "sms", "plateNumber", int64(-1), 0.0)
	f.Add("", "\xff", "{", "\x00", " ", "__proto__", "[", "\"", "data", "input", int64(1<<62), -1.0)
	engine := sharedEngine(f)
	f.Fuzz(func(t *testing.T, operation, platform, region, purpose, matter, operator, unit, basis, method, wanted string, age int64, similarity float64) {
		request := exchange.DecisionRequest{
			Now: noon, Operation: exchange.Operation(operation), Platform: platform, Region: exchange.Region(region), SubjectAge: int(age),
			Purpose:         exchange.Purpose{Code: purpose, Matter: matter, Case: matter, Operator: operator, Unit: unit, LegalBasis: basis},
			Authentications: []exchange.Authentication{{Method: method, Provider: matter, At: noon.Add(-time.Duration(age)), Similarity: &similarity}},
			Wanted:          []exchange.Field{exchange.Field(wanted), "status"},
		}
		got, err := engine.Decide(t.Context(), request)
		if err != nil && similarity-similarity == 0 {
			t.Fatal(err)
		}
		for field := range got.Grants {
			if !slices.Contains(exchange.Fields(request.Operation), field) {
				t.Fatalf("%q is granted", field)
			}
		}
	})
}
