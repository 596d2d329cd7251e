package trial

import (
	"context"
	"errors"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// FromDocument readies an input document as the engine makes them and as records keep them. One that is not of the draft's schema is
// refused: rules would read what is misspelt as undefined.
func FromDocument(ctx context.Context, draft *policies.Draft, document map[string]any) (Question, error) {
	results, err := rego.New(
		rego.Query("[matches, faults] := json.match_schema(input.document, input.schema)"),
		rego.Input(map[string]any{"document": document, "schema": draft.Schema()}),
	).Eval(ctx)
	if err != nil {
		return Question{}, fmt.Errorf("hold the document against its schema: %w", err)
	}
	if len(results) != 1 || results[0].Bindings["matches"] != true {
		return Question{}, fmt.Errorf("not an input document (schema/input.json): %v", faultsOf(results))
	}
	value, err := ast.InterfaceToValue(document)
	if err != nil {
		return Question{}, fmt.Errorf("read the document: %w", err)
	}
	fields, _ := document["fields"].([]any)
	question := Question{Input: value}
	for _, field := range fields {
		text, _ := field.(string)
		question.Wanted = append(question.Wanted, exchange.Field(text))
	}
	return question, nil
}

func faultsOf(results rego.ResultSet) error {
	var faults []error
	for _, result := range results {
		list, _ := result.Bindings["faults"].([]any)
		for _, one := range list {
			members, _ := one.(map[string]any)
			faults = append(faults, fmt.Errorf("%v: %v", members["field"], members["desc"]))
		}
	}
	return errors.Join(faults...)
}
