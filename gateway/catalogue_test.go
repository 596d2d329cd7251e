package gateway_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/specs"
)

// declaredCodes reads the constants of type Code out of the source: a code that somebody adds there must not be forgotten here.
func declaredCodes(t tb) []string {
	t.Helper()
	file := must(parser.ParseFile(token.NewFileSet(), "../exchange/errors.go", nil, 0))(t)
	var codes []string
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Code" {
			codes = append(codes, must(strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value))(t))
		}
		return true
	})
	return codes
}

func TestEachCodeHasAProblemAndEachProblemACode(t *testing.T) {
	t.Parallel()
	catalogue := must(specs.Problems())(t)
	codes := declaredCodes(t)
	if len(codes) < 30 {
		t.Fatalf("only %d codes were found: is the source read rightly?", len(codes))
	}
	for _, code := range codes {
		if _, ok := catalogue[code]; !ok {
			t.Errorf("code %s has no entry in problems.yaml", code)
		}
	}
	for code := range catalogue {
		if !slices.Contains(codes, code) {
			t.Errorf("problems.yaml has %s, which is no code", code)
		}
	}
}

// The contract's lists of fields are those of the domain, in its order.
func TestContractListsTheFieldsOfEachOperation(t *testing.T) {
	t.Parallel()
	schemas := must(loadDocument())(t).document.Components.Schemas
	for name, op := range map[string]exchange.Operation{
		"LicenceField": exchange.LicenceQuery, "ViolationField": exchange.ViolationsQuery, "PictureField": exchange.PictureQuery,
	} {
		var listed []exchange.Field
		for _, value := range schemas[name].Value.Enum {
			listed = append(listed, exchange.Field(value.(string)))
		}
		if !slices.Equal(listed, exchange.Fields(op)) {
			t.Errorf("%s: %v, want %v", name, listed, exchange.Fields(op))
		}
	}
	for _, field := range exchange.Fields(exchange.StudyQuery) {
		if !slices.Contains(exchange.Fields(exchange.LicenceQuery), field) {
			t.Errorf("a verdict is told from %s, which is no field of a licence", field)
		}
	}
	for name, op := range map[string]exchange.Operation{"Licence": exchange.LicenceQuery, "Violation": exchange.ViolationsQuery} {
		for _, field := range exchange.Fields(op) {
			if schemas[name].Value.Properties[string(field)] == nil {
				t.Errorf("%s has no member %s", name, field)
			}
		}
	}
}
