package policies

import (
	"context"
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// BreakGlassDocument holds the answer to whether an operator gets emergency access.
const BreakGlassDocument = "data.zhengqiao.breakglass.result"

var _ exchange.BreakGlassJudge = (*Engine)(nil)

// JudgeBreakGlass implements [exchange.BreakGlassJudge]. Terms with reasons are a refusal; every error is
// [exchange.PolicyUnavailable], which callers treat as one.
func (e *Engine) JudgeBreakGlass(ctx context.Context, question exchange.BreakGlassQuestion) (exchange.BreakGlassTerms, error) {
	ctx, cancel := context.WithTimeout(ctx, e.options.Timeout)
	defer cancel()
	p := e.current.Load()
	value, err := p.breakGlass.ask(ctx, BreakGlassInput(&question))
	if err != nil {
		return exchange.BreakGlassTerms{}, exchange.Errorf(exchange.PolicyUnavailable, "decide on emergency access: %w", err)
	}
	terms, err := p.breakGlassTerms(value)
	if err != nil {
		return exchange.BreakGlassTerms{}, exchange.Errorf(exchange.PolicyUnavailable, "decide on emergency access: %w", err)
	}
	return terms, nil
}

// BreakGlassInput makes the input document (schema/breakglass.json).
func BreakGlassInput(q *exchange.BreakGlassQuestion) ast.Value {
	return ast.NewObject(
		pair{key.now, milliseconds(q.Now)},
		pair{ast.StringTerm("hour"), ast.IntNumberTerm(q.Now.In(exchange.Shanghai()).Hour())},
		pair{key.action, ast.StringTerm(string(q.Action))},
		pair{key.operator, ast.StringTerm(q.Operator)},
		pair{key.region, ast.StringTerm(string(q.Region))},
		pair{key.legalBasis, ast.StringTerm(q.LegalBasis)},
		pair{ast.StringTerm("minutes"), ast.IntNumberTerm(q.Minutes)},
		pair{ast.StringTerm("openedToday"), ast.IntNumberTerm(q.OpenedToday)},
	)
}

// breakGlassTerms reads the policy's word. Terms that bound nothing are none.
func (p *program) breakGlassTerms(value ast.Value) (exchange.BreakGlassTerms, error) {
	r := reader{reasons: p.reasons}
	result := r.object(value, "result")
	terms := exchange.BreakGlassTerms{Revision: p.revision, Reasons: r.refusals(result)}
	if allow := r.flag(result, key.allow); r.err != nil || allow == (len(terms.Reasons) > 0) {
		r.fail("allow and reasons contradict each other")
		return exchange.BreakGlassTerms{}, r.err
	} else if !allow {
		return terms, nil
	}
	terms.SecondPerson = r.flag(result, ast.StringTerm("secondPerson"))
	terms.ConfirmMinutes = int(r.number(result, ast.StringTerm("confirmMinutes")))
	terms.Queries = int(r.number(result, ast.StringTerm("queries")))
	terms.Unit = r.text(result, key.unit)
	terms.Fields = r.fieldList(result, key.fields)
	if r.err == nil && (terms.ConfirmMinutes < 1 || terms.Queries < 1 || len(terms.Fields) == 0) {
		return exchange.BreakGlassTerms{}, errors.New("malformed result: terms without bounds")
	}
	return terms, r.err
}

func (r *reader) fieldList(object ast.Object, name *ast.Term) (fields []exchange.Field) {
	list, ok := r.value(object, name).(*ast.Array)
	if !ok {
		r.fail(name.String() + " is not a list")
		return nil
	}
	list.Foreach(func(term *ast.Term) {
		text, ok := term.Value.(ast.String)
		if !ok {
			r.fail(name.String() + " has what is no text")
		}
		fields = append(fields, exchange.Field(text))
	})
	return fields
}

func breakGlassShape() map[string]shape {
	hour := all(whole, number(0, 24))
	return map[string]shape{
		"minutes": all(whole, number(1, 60)), "confirmMinutes": all(whole, number(1, 60)), "queries": all(whole, number(1, 1000)),
		"operators": dictionary(text, record(map[string]shape{
			"unit": text, "regions": reachable, "hours": record(map[string]shape{"from": hour, "until": hour}),
			"daily": all(whole, number(1, 100)), "secondPerson": flag, "confirms": flag, "fields?": all(notEmpty, list(keyOf("fields", "field"))),
		})),
	}
}

// reachable is all, or a list of provinces.
func reachable(c *checker, path string, value any) {
	if value != "all" {
		list(region)(c, path, value)
	}
}

func notEmpty(c *checker, path string, value any) {
	if given, _ := value.([]any); len(given) == 0 {
		c.fault(path, "there is nothing in the list")
	}
}
