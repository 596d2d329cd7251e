package policies

import (
	"fmt"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// decode reads the policy's word strictly: a missing or wrong-typed part is an error, and a field that is neither granted nor
// withheld, or that nobody wanted, is one too.
func (p *program) decode(value ast.Value, wanted []*ast.Term) (exchange.Decision, error) {
	r := reader{reasons: p.reasons}
	result := r.object(value, "result")
	d := exchange.Decision{
		Revision: p.revision, Reasons: r.refusals(result), Assurance: r.text(result, key.assurance),
		CheckIdentity: r.flag(result, key.checkIdentity),
	}
	if d.Allow = r.flag(result, key.allow); d.Allow == (len(d.Reasons) > 0) {
		r.fail("allow and reasons contradict each other")
	}
	r.freshness(result, &d)
	r.quotas(result, &d)
	r.fields(result, wanted, &d)
	if d.Rules = r.rules; r.err != nil {
		return exchange.Decision{}, r.err
	}
	slices.Sort(d.Rules)
	return d, nil
}

func (r *reader) refusals(result ast.Object) []exchange.Reason {
	var reasons []exchange.Reason
	list, ok := r.value(result, key.reasons).(ast.Set)
	if !ok {
		r.fail("reasons is not a set")
		return nil
	}
	for _, term := range list.Slice() {
		reasons = append(reasons, r.reason(term.Value))
	}
	return reasons
}

func (r *reader) reason(value ast.Value) exchange.Reason {
	entry := r.object(value, "reason")
	code := r.text(entry, key.code)
	return exchange.Reason{Code: code, Rule: r.rule(entry), Text: r.explain(code)}
}

func (r *reader) freshness(result ast.Object, d *exchange.Decision) {
	terms := r.object(r.value(result, key.freshness), "freshness")
	d.Freshness = r.text(terms, key.tier)
	d.OnStale = exchange.StaleAction(r.text(terms, key.onStale))
	d.AgeBound = time.Duration(r.number(terms, key.bound) * float64(time.Second))
	if d.OnStale != exchange.StaleMark && d.OnStale != exchange.StaleRefuse || d.AgeBound < 0 && d.Allow {
		r.fail("freshness is not usable")
	}
	r.rule(terms)
}

// fields reads grants and withheld fields in the order in which they were wanted. A request refused as a whole has neither.
func (r *reader) fields(result ast.Object, wanted []*ast.Term, d *exchange.Decision) {
	grants := r.object(r.value(result, key.grants), "grants")
	withheld := r.object(r.value(result, key.withheld), "withheld")
	if r.err != nil {
		return
	}
	covered := grants.Len() + withheld.Len()
	if !d.Allow && covered == 0 {
		return
	}
	if covered != len(wanted) || d.Allow != (grants.Len() > 0) {
		r.fail("grants and withheld don't cover the wanted fields")
		return
	}
	d.Grants = make(map[exchange.Field]exchange.Mask, grants.Len())
	for _, name := range wanted {
		r.field(name, grants, withheld, d)
	}
	if d.Allow && len(d.Grants) == 0 {
		r.fail("no grant has a known mask")
	}
}

func (r *reader) field(name *ast.Term, grants, withheld ast.Object, d *exchange.Decision) {
	text, _ := name.Value.(ast.String)
	field := exchange.Field(text)
	if entry := withheld.Get(name); entry != nil {
		reason := r.reason(entry.Value)
		d.Withheld = append(d.Withheld, exchange.Withheld{Field: field, Code: reason.Code, Rule: reason.Rule, Text: reason.Text})
		return
	}
	entry := grants.Get(name)
	if entry == nil {
		r.fail(fmt.Sprintf("field %s is neither granted nor withheld", field))
		return
	}
	r.grant(field, r.object(entry.Value, "grant"), d)
}

// grant shows the field by its mask; one whose mask nobody knows is withheld.
func (r *reader) grant(field exchange.Field, entry ast.Object, d *exchange.Decision) {
	mask, rule := exchange.Mask(r.text(entry, key.mask)), r.rule(entry)
	if mask.Known() {
		d.Grants[field] = mask
		return
	}
	d.Withheld = append(d.Withheld, exchange.Withheld{Field: field, Code: maskUnknown, Rule: rule, Text: r.explain(maskUnknown)})
}

// maskUnknown is the one reason that Go gives: the policy named a mask that no code can apply.
const maskUnknown = "mask_unknown"
