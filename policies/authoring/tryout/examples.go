package tryout

import (
	"encoding/json"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/matrix"
)

// Example is an input to begin with.
type Example struct {
	Name    string
	Request exchange.DecisionRequest
}

// Examples gives one request for each platform, purpose and operation of policies, at the highest level of assurance, about licences of
// the platform's own province. They fit whatever policies are in force.
func Examples(draft *policies.Draft) []Example {
	var all []Example
	levels := matrix.Levels(draft.Data)
	for _, section := range matrix.Sections(draft.Data) {
		if section.Region != matrix.Own || len(levels) == 0 {
			continue
		}
		cell := matrix.Cell{Section: section, Level: levels[len(levels)-1]}
		all = append(all, Example{fmt.Sprintf("%s · %s · %s", section.Platform, section.Purpose, section.Operation), cell.Request(draft.Data)})
	}
	return all
}

// Document writes a request as an input document, for people: indented JSON.
func Document(request *exchange.DecisionRequest) (string, error) {
	input, err := policies.DecisionInput(request)
	if err != nil {
		return "", err
	}
	value, err := ast.JSON(input)
	if err != nil {
		return "", fmt.Errorf("write the input down: %w", err)
	}
	text, err := json.MarshalIndent(value, "", "  ")
	return string(text), err
}
