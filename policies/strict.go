package policies

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
)

// decodeStrictly reads a document of the rules into a struct. A member that the struct does not have is an error.
func decodeStrictly(value ast.Value, into any) error {
	plain, err := ast.JSON(value)
	if err != nil {
		return fmt.Errorf("malformed result: %w", err)
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return fmt.Errorf("malformed result: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("malformed result: %w", err)
	}
	return nil
}
