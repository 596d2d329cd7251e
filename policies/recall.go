package policies

import (
	"context"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// recall remembers decisions by all that they depend on: the premises, and what the other rules read of the input. Since rules
// know neither clock nor chance, requests that are the same in these are decided alike. What rules read is found in their text, so
// a new rule that reads more is decided by more.
type recall struct {
	premises []*premise
	reads    []part
	memo     memo[exchange.Decision]
}

// newRecall gives nil, and every request is decided anew, if the policies have no premises or other rules read something that no
// two requests have in common.
func newRecall(ctx context.Context, compiler *ast.Compiler, data map[string]any) (*recall, error) {
	premises, err := newPremises(ctx, compiler, data)
	if err != nil || len(premises) == 0 {
		return nil, err
	}
	refs, same := readsOf(compiler, compiler.GetRules(ast.MustParseRef(decisionDocument)), isPremise)
	readsAuthentications := slices.ContainsFunc(refs, func(ref ast.Ref) bool { return len(ref) > 0 && ref[0].Equal(key.authentications) })
	reads, known := partsOf(refs)
	if !same || !known || readsAuthentications { // of which there are too many to recall anything by
		return nil, nil
	}
	return &recall{premises: premises, reads: append(reads, appendFields)}, nil
}

// text writes down all that the decision on a request depends on.
func (r *recall) text(asked *asking) ([]byte, error) {
	text := make([]byte, 0, usualText)
	for _, premise := range r.premises {
		value, err := premise.value(asked, text)
		if err != nil {
			return nil, err
		}
		text = appendText(text, value)
	}
	return asked.textOf(text, r.reads), nil
}

// decide decides on a request, or recalls how a request like it was decided.
func (p *program) decide(asked *asking) (exchange.Decision, error) {
	if p.recall == nil {
		return p.evaluate(asked)
	}
	text, err := p.recall.text(asked)
	if err != nil {
		return exchange.Decision{}, err
	}
	if known, ok := p.recall.memo.get(text); ok {
		return copied(known), nil
	}
	decision, err := p.evaluate(asked)
	if err == nil {
		p.recall.memo.put(text, copied(decision))
	}
	return decision, err
}

// copied gives a decision that its holder may change.
func copied(d exchange.Decision) exchange.Decision {
	d.Grants = maps.Clone(d.Grants)
	d.Quotas = slices.Clone(d.Quotas)
	d.Reasons, d.Withheld, d.Rules = slices.Clone(d.Reasons), slices.Clone(d.Withheld), slices.Clone(d.Rules)
	return d
}

// evaluate decides by the rules.
func (p *program) evaluate(asked *asking) (exchange.Decision, error) {
	value, err := asked.ask(p.question)
	if err != nil {
		return exchange.Decision{}, err
	}
	return p.decode(value, asked.wanted.ordered)
}
