package policies

import (
	"context"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// premises is the package of rules that say what a request amounts to: few values for many requests.
const premises = "data.zhengqiao.request"

// premise is one rule of that package.
type premise struct {
	question *question
	reads    []part       // all of the input that it depends on
	fleeting bool         // that is never the same twice
	memo     memo[string] // of the premise by what it reads
}

// newPremises readies each rule of the package. Functions are no premises, since their value depends on who calls them.
func newPremises(ctx context.Context, compiler *ast.Compiler, data map[string]any) ([]*premise, error) {
	documents := map[string][]*ast.Rule{}
	for _, rule := range compiler.GetRules(ast.MustParseRef(premises)) {
		if isPremise(rule) {
			name := rule.Ref().GroundPrefix().String()
			documents[name] = append(documents[name], rule)
		}
	}
	var all []*premise
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		// A set of one value, or of none if the rule is undefined.
		prepared, err := prepare(ctx, compiler, data, "{value | value = "+name+"}")
		if err != nil {
			return nil, err
		}
		refs, same := readsOf(compiler, documents[name], nil)
		reads, known := partsOf(refs)
		all = append(all, &premise{question: prepared, reads: reads, fleeting: !same || !known})
	}
	return all, nil
}

func isPremise(rule *ast.Rule) bool {
	return len(rule.Head.Args) == 0 && rule.Module.Package.Path.String() == premises
}

// value gives the premise's value for a request, as Rego writes it. scratch is room behind a text, to be written over.
func (p *premise) value(asked *asking, scratch []byte) (string, error) {
	if p.fleeting {
		return p.evaluate(asked)
	}
	by := asked.textOf(scratch[len(scratch):], p.reads)
	if known, ok := p.memo.get(by); ok {
		return known, nil
	}
	value, err := p.evaluate(asked)
	if err == nil {
		p.memo.put(by, value)
	}
	return value, err
}

func (p *premise) evaluate(asked *asking) (string, error) {
	value, err := asked.ask(p.question)
	if err != nil {
		return "", err
	}
	return value.String(), nil
}
