package policies

import (
	"context"
	"fmt"
	"maps"

	"github.com/open-policy-agent/opa/v1/ast"
)

// table is the package of rules that don't depend on a request.
const table = "data.zhengqiao.table"

// settleTable evaluates the rules of the table package once and puts their values where the rules were: references to them stay
// as they are written, and read a document instead of computing it. The rules still decide; they only do so once per revision.
// A bundle without such a package is returned as it is.
func settleTable(ctx context.Context, b *bundle) (*bundle, error) {
	rest := withoutTable(b.modules)
	if len(rest) == len(b.modules) {
		return b, nil
	}
	compiler, err := compile(b)
	if err != nil {
		return nil, err
	}
	if err := refuseInput(compiler); err != nil {
		return nil, err
	}
	prepared, err := prepare(ctx, compiler, b.data, table)
	if err != nil {
		return nil, err
	}
	value, err := prepared.ask(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("policies: %s: %w", table, err)
	}
	settled := *b
	settled.modules, settled.data = rest, withTable(b.data, value)
	return &settled, nil
}

func withoutTable(modules map[string]*ast.Module) map[string]*ast.Module {
	rest := maps.Clone(modules)
	maps.DeleteFunc(rest, func(_ string, module *ast.Module) bool { return module.Package.Path.String() == table })
	return rest
}

// refuseInput makes sure that the table doesn't depend on a request, directly or through what it calls.
func refuseInput(compiler *ast.Compiler) (err error) {
	r := reads{compiler: compiler, seen: map[*ast.Rule]bool{}, found: func(rule *ast.Rule, ref ast.Ref) {
		err = fmt.Errorf("policies: %s: %s must not depend on %s", rule.Location, table, ref)
	}}
	for _, module := range compiler.Modules {
		if module.Package.Path.String() == table {
			for _, rule := range module.Rules {
				r.of(rule)
			}
		}
	}
	return err
}

// withTable adds the table to the data as the value that it is: a way through JSON would turn its sets into lists.
func withTable(data map[string]any, document ast.Value) map[string]any {
	with := maps.Clone(data)
	with["zhengqiao"] = map[string]any{"table": document}
	return with
}
