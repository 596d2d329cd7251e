package policies

import (
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// readReasons reads the catalogue of reasons (data/reasons.yaml), which has been checked: code to text.
func readReasons(data map[string]any) map[string]exchange.Text {
	entries, _ := data["reasons"].(map[string]any)
	reasons := make(map[string]exchange.Text, len(entries))
	for code, entry := range entries {
		reasons[code] = nameOf(entry)
	}
	return reasons
}

// checkCodes finds codes that a rule may give and the catalogue doesn't have, before a citizen does.
func checkCodes(modules map[string]*ast.Module, reasons map[string]exchange.Text) error {
	for code, at := range codes(modules) {
		if _, known := reasons[code]; !known {
			return fmt.Errorf("policies: %s: reason %q is not in the catalogue", at, code)
		}
	}
	return nil
}

// codes gives every code that is written in an object {"code": …} of the rules, and where.
func codes(modules map[string]*ast.Module) map[string]*ast.Location {
	found := map[string]*ast.Location{}
	for _, module := range modules {
		ast.WalkTerms(module, func(term *ast.Term) bool {
			if object, ok := term.Value.(ast.Object); ok {
				if code := object.Get(ast.InternedTerm("code")); code != nil {
					if text, ok := code.Value.(ast.String); ok {
						found[string(text)] = term.Location
					}
				}
			}
			return false
		})
	}
	return found
}
