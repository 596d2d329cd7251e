package policies

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// premises is the package of rules that say what a request amounts to: few values for many requests.
const premises = "data.zhengqiao.request"

// premise is one rule of that package.
type premise struct {
	question *question
	reads    []ast.Ref    // all of the input that it depends on
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
		reads, same := readsOf(compiler, documents[name], nil)
		all = append(all, &premise{question: prepared, reads: reads, fleeting: !same})
	}
	return all, nil
}

func isPremise(rule *ast.Rule) bool {
	return len(rule.Head.Args) == 0 && rule.Module.Package.Path.String() == premises
}

// text gives the premise's value for a request, as Rego writes it.
func (p *premise) text(ctx context.Context, document ast.Object) (string, error) {
	var by string
	if !p.fleeting {
		by = textOf(document, p.reads)
		if known, ok := p.memo.get(by); ok {
			return known, nil
		}
	}
	value, err := p.question.ask(ctx, document)
	if err != nil {
		return "", err
	}
	text := value.String()
	if !p.fleeting {
		p.memo.put(by, text)
	}
	return text, nil
}

// textOf writes down parts of the input. Each is written as Rego writes it, so that no two can be taken for each other.
func textOf(document ast.Object, parts []ast.Ref) string {
	var b strings.Builder
	for _, ref := range parts {
		if value, err := document.Find(ref); err == nil {
			b.WriteString(value.String())
		}
		b.WriteByte('\n')
	}
	return b.String()
}
