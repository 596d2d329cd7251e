package specs_test

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/zhengqiao/zhengqiao/specs"
)

func TestOperatorsInterfaceIsValidAndBounded(t *testing.T) {
	t.Parallel()
	document, err := openapi3.NewLoader().LoadFromData(specs.Operators())
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.OperationID == "" || operation.Summary == "" || operation.Description == "" {
				t.Errorf("%s %s lacks its name or texts", method, path)
			}
		}
	}
	for name, ref := range document.Components.Schemas {
		if !ref.Value.Type.Is("number") && !ref.Value.Type.Is("boolean") {
			checkLimits(t, name, ref)
		}
	}
}
