package policies

import (
	"context"
	"fmt"
	"maps"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/dependencies"
)

// table is the package of rules that don't depend on a request.
const table = "data.zhengqiao.table"

// settleTable evaluates the rules of the table package once and puts their values where the rules were: references to them stay
// as they are written, and read a document instead of computing it. The rules still decide; they only do so once per revision.
// A bundle without such a package is returned as it is.
func settleTable(ctx context.Context, b *bundle) (*bundle, error) {
	rest, rules := splitModules(b.modules)
	if len(rules) == 0 {
		return b, nil
	}
	if err := refuseInput(b, rules); err != nil {
		return nil, err
	}
	prepared, err := prepare(ctx, b, table)
	if err != nil {
		return nil, err
	}
	value, err := ask(ctx, prepared)
	if err != nil {
		return nil, fmt.Errorf("policies: %s: %w", table, err)
	}
	document, err := ast.JSON(value)
	if err != nil {
		return nil, fmt.Errorf("policies: %s: %w", table, err)
	}
	settled := *b
	settled.modules, settled.data = rest, withTable(b.data, document)
	return &settled, nil
}

func splitModules(modules map[string]*ast.Module) (rest map[string]*ast.Module, rules []*ast.Module) {
	rest = map[string]*ast.Module{}
	for path, module := range modules {
		if module.Package.Path.String() == table {
			rules = append(rules, module)
			continue
		}
		rest[path] = module
	}
	return rest, rules
}

// refuseInput makes sure that the table doesn't depend on a request, directly or through what it calls.
func refuseInput(b *bundle, rules []*ast.Module) error {
	compiler, err := compile(b)
	if err != nil {
		return err
	}
	for _, module := range rules {
		for _, rule := range module.Rules {
			refs, err := dependencies.Base(compiler, rule)
			if err != nil {
				return fmt.Errorf("policies: %s: %w", rule.Location, err)
			}
			for _, ref := range refs {
				if ref.HasPrefix(ast.InputRootRef) {
					return fmt.Errorf("policies: %s: %s must not depend on %s", rule.Location, table, ref)
				}
			}
		}
	}
	return nil
}

func withTable(data map[string]any, document any) map[string]any {
	with := maps.Clone(data)
	with["zhengqiao"] = map[string]any{"table": document}
	return with
}
