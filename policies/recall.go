package policies

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// recall remembers decisions by all that they depend on: the premises, and what the other rules read of the input. Since rules
// know neither clock nor chance, requests that are the same in these are decided alike. What rules read is found in their text, so
// a new rule that reads more is decided by more.
type recall struct {
	premises []*premise
	reads    []ast.Ref
	memo     memo[exchange.Decision]
}

// newRecall gives nil, and every request is decided anew, if the policies have no premises or other rules read something that no
// two requests have in common.
func newRecall(ctx context.Context, compiler *ast.Compiler, data map[string]any) (*recall, error) {
	premises, err := newPremises(ctx, compiler, data)
	if err != nil || len(premises) == 0 {
		return nil, err
	}
	reads, same := readsOf(compiler, compiler.GetRules(ast.MustParseRef(decisionDocument)), isPremise)
	if !same {
		return nil, nil
	}
	reads = slices.DeleteFunc(reads, func(part ast.Ref) bool { return part[0].Equal(key.fields) }) // they have a text of their own
	return &recall{premises: premises, reads: reads}, nil
}

// text writes down all that the decision on a request depends on.
func (r *recall) text(ctx context.Context, document ast.Object, wanted fieldTerms) (string, error) {
	var b strings.Builder
	for _, premise := range r.premises {
		text, err := premise.text(ctx, document)
		if err != nil {
			return "", err
		}
		b.WriteString(text)
	}
	b.WriteString(wanted.text + "\n")
	b.WriteString(textOf(document, r.reads))
	return b.String(), nil
}

// decide decides on a request, or recalls how a request like it was decided.
func (p *program) decide(ctx context.Context, document ast.Object, wanted fieldTerms) (exchange.Decision, error) {
	if p.recall == nil {
		return p.evaluate(ctx, document, wanted)
	}
	text, err := p.recall.text(ctx, document, wanted)
	if err != nil {
		return exchange.Decision{}, err
	}
	if known, ok := p.recall.memo.get(text); ok {
		return copied(known), nil
	}
	decision, err := p.evaluate(ctx, document, wanted)
	if err == nil {
		p.recall.memo.put(text, copied(decision))
	}
	return decision, err
}

// copied gives a decision that its holder may change.
func copied(d exchange.Decision) exchange.Decision {
	d.Grants = maps.Clone(d.Grants)
	d.Reasons, d.Withheld, d.Rules = slices.Clone(d.Reasons), slices.Clone(d.Withheld), slices.Clone(d.Rules)
	return d
}

// evaluate decides by the rules.
func (p *program) evaluate(ctx context.Context, document ast.Object, wanted fieldTerms) (exchange.Decision, error) {
	value, err := p.question.ask(ctx, document)
	if err != nil {
		return exchange.Decision{}, err
	}
	return p.decode(value, wanted.ordered)
}
