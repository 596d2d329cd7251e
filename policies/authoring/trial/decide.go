package trial

import (
	"context"
	"errors"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// Question is a request ready to be asked any number of times, of any draft.
type Question struct {
	Input  ast.Value
	Wanted []exchange.Field
}

// NewQuestion readies a request.
func NewQuestion(request exchange.DecisionRequest) (Question, error) {
	input, err := policies.DecisionInput(&request)
	return Question{input, policies.WantedFields(&request)}, err
}

// Answer is a decision with the rule behind each field that is shown.
type Answer struct {
	exchange.Decision
	GrantedBy map[exchange.Field]string
}

// RuleOf names the rule behind a field, shown or withheld, or "".
func (a *Answer) RuleOf(field exchange.Field) string {
	if rule := a.GrantedBy[field]; rule != "" {
		return rule
	}
	for _, withheld := range a.Withheld {
		if withheld.Field == field {
			return withheld.Rule
		}
	}
	return ""
}

// Decide decides. Whatever is not a well-formed decision is an error, as it is for the engine.
func (p *Program) Decide(ctx context.Context, question Question, tracers ...topdown.QueryTracer) (Answer, error) {
	value, err := p.Ask(ctx, policies.DecisionDocument, question.Input, tracers...)
	if err == nil && value == nil {
		err = errors.New("undefined")
	}
	if err != nil {
		return Answer{}, fmt.Errorf("decide: %w", err)
	}
	decision, err := p.draft.Decision(value, question.Wanted)
	return Answer{decision, grantedBy(value)}, err
}

// grantedBy reads result.grants[field].rule.
func grantedBy(result ast.Value) map[exchange.Field]string {
	rules := map[exchange.Field]string{}
	grants, err := result.Find(ast.Ref{ast.StringTerm("grants")})
	object, ok := grants.(ast.Object)
	if err != nil || !ok {
		return rules
	}
	object.Foreach(func(field, grant *ast.Term) {
		rule, err := grant.Value.Find(ast.Ref{ast.StringTerm("rule")})
		if name, ok := field.Value.(ast.String); ok && err == nil {
			text, _ := rule.(ast.String)
			rules[exchange.Field(name)] = string(text)
		}
	})
	return rules
}

// Rank says with what rank an announcement counts, with reasons where it doesn't.
func (p *Program) Rank(ctx context.Context, input ast.Value, tracers ...topdown.QueryTracer) (exchange.Rank, []exchange.Reason, error) {
	value, err := p.Ask(ctx, policies.AnnounceDocument, input, tracers...)
	if err == nil && value == nil {
		err = errors.New("undefined")
	}
	if err != nil {
		return exchange.RankNone, nil, fmt.Errorf("decide who may announce: %w", err)
	}
	return p.draft.Announced(value)
}

// Study says whether points may be reduced by education.
func (p *Program) Study(ctx context.Context, question exchange.StudyQuestion, tracers ...topdown.QueryTracer) (exchange.StudyVerdict, error) {
	value, err := p.defined(ctx, policies.StudyDocument, policies.StudyInput(&question), tracers)
	if err != nil {
		return exchange.StudyVerdict{}, fmt.Errorf("judge 学法减分: %w", err)
	}
	return p.draft.Studied(value)
}

// BreakGlass says on which terms an operator gets emergency access.
func (p *Program) BreakGlass(ctx context.Context, question exchange.BreakGlassQuestion, tracers ...topdown.QueryTracer) (exchange.BreakGlassTerms, error) {
	value, err := p.defined(ctx, policies.BreakGlassDocument, policies.BreakGlassInput(&question), tracers)
	if err != nil {
		return exchange.BreakGlassTerms{}, fmt.Errorf("decide on emergency access: %w", err)
	}
	return p.draft.BreakGlass(value)
}

// defined asks for a document that must have a value.
func (p *Program) defined(ctx context.Context, document string, input ast.Value, tracers []topdown.QueryTracer) (ast.Value, error) {
	value, err := p.Ask(ctx, document, input, tracers...)
	if err == nil && value == nil {
		err = errors.New("undefined")
	}
	return value, err
}
