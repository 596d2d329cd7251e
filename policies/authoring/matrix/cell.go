package matrix

import (
	"maps"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/casebook"
)

// Where the licence is kept, seen from the platform.
const (
	Own   = "own"   // in its province; for a national platform, anywhere
	Other = "other" // in another province; for a national platform, another one than for Own
	Any   = "any"   // stands for both, where they are the same
)

// Section is one table of the matrix.
type Section struct {
	Platform, Purpose string
	Operation         exchange.Operation
	Region            string // Own or Other
}

// Cell is a column of a section.
type Cell struct {
	Section
	Level string // of assurance
}

// Sections gives all sections of a draft, the not granted ones as well: whoever grants one by mistake must hear of it.
func Sections(data map[string]any) []Section {
	var all []Section
	for _, platform := range keys(data["platforms"]) {
		for _, purpose := range keys(data["purposes"]) {
			for _, operation := range policies.Operations() {
				for _, region := range []string{Own, Other} {
					all = append(all, Section{platform, purpose, operation, region})
				}
			}
		}
	}
	return all
}

// Levels gives the levels of assurance, the lowest first.
func Levels(data map[string]any) []string { return texts(below(data, "assurance", "levels")) }

// Request makes the request of a cell: a citizen of age acts for himself, authenticated a minute ago by the method that the level is
// named after, or whoever else may act for the purpose does; all parts of the purpose are stated.
func (c Cell) Request(data map[string]any) exchange.DecisionRequest {
	request := exchange.DecisionRequest{
		Now: casebook.Noon(), Operation: c.Operation, Platform: c.Platform, Region: c.region(data), SubjectAge: 35, Purpose: c.purpose(data),
	}
	if c.Operation == exchange.ViolationsQuery {
		request.Vehicles = 1
	}
	if c.Level != "none" {
		sure := 1.0
		proof := exchange.Authentication{Method: c.Level, Provider: "matrix", At: request.Now.Add(-time.Minute)}
		if c.Level == "face" {
			proof.Similarity = &sure
		}
		request.Authentications = []exchange.Authentication{proof}
	}
	return request
}

func (c Cell) purpose(data map[string]any) exchange.Purpose {
	stated := exchange.Purpose{
		Code: c.Purpose, Matter: "matrix", MatterName: "matrix", Case: "matrix", Operator: "clerk", Unit: "310000000000", UnitName: "matrix",
	}
	purpose := below(data, "purposes", c.Purpose)
	if bases := texts(below(purpose, "legalBases")); len(bases) > 0 {
		stated.LegalBasis = bases[0]
	}
	switch operators := texts(below(purpose, "operators")); {
	case slices.Contains(operators, "citizen"):
		stated.Operator = "self"
	case slices.Contains(operators, "gateway"):
		stated.Operator = "gateway"
	}
	return stated
}

func (c Cell) region(data map[string]any) exchange.Region {
	own, _ := below(data, "platforms", c.Platform, "region").(string)
	first, second := exchange.Region("310000"), exchange.Region("330000")
	switch {
	case own == string(exchange.National) && c.Region == Own, own != string(first) && c.Region == Other:
		return first
	case c.Region == Other:
		return second
	}
	return exchange.Region(own)
}

// below gives what is below a value of the data, nil where there is nothing.
func below(value any, names ...string) any {
	for _, name := range names {
		members, _ := value.(map[string]any)
		value = members[name]
	}
	return value
}

func keys(value any) []string {
	members, _ := value.(map[string]any)
	return slices.Sorted(maps.Keys(members))
}

func texts(value any) []string {
	items, _ := value.([]any)
	all := make([]string, 0, len(items))
	for _, one := range items {
		text, _ := one.(string)
		all = append(all, text)
	}
	return all
}
