package why

import (
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// steps is a trace: every step of an evaluation, in order.
type steps struct{ events []topdown.Event }

// Enabled is part of [topdown.QueryTracer].
func (s *steps) Enabled() bool { return true }

// Config asks for the values of variables at each step.
func (s *steps) Config() topdown.TraceConfig { return topdown.TraceConfig{PlugLocalVars: true} }

// TraceEvent keeps a step.
func (s *steps) TraceEvent(event topdown.Event) { s.events = append(s.events, event) }

// giving gives the evaluation of the definition of the rule of that name whose value has the reason code, and that definition.
func (s *steps) giving(code, name string) (uint64, *ast.Rule) {
	for _, event := range s.events {
		rule, isRule := event.Node.(*ast.Rule)
		if isRule && event.Op == topdown.ExitOp && string(rule.Head.Name) == name && gives(rule, event.Locals, code) {
			return event.QueryID, rule
		}
	}
	return 0, nil
}

// gives says whether the definition's value, or member, is an object with this code.
func gives(rule *ast.Rule, locals *ast.ValueMap, code string) bool {
	for _, term := range []*ast.Term{rule.Head.Key, rule.Head.Value} {
		if term == nil {
			continue
		}
		value := term.Value
		if bound := locals.Get(value); bound != nil {
			value = bound
		}
		object, ok := value.(ast.Object)
		if !ok {
			continue
		}
		if given := object.Get(ast.StringTerm("code")); given != nil && given.Equal(ast.StringTerm(code)) {
			return true
		}
	}
	return false
}

// negations gives the conditions `not …` of one evaluation, in order.
func (s *steps) negations(query uint64) []int {
	var found []int
	for i, event := range s.events {
		expr, isExpr := event.Node.(*ast.Expr)
		if isExpr && event.Op == topdown.EvalOp && event.QueryID == query && expr.Negated {
			found = append(found, i)
		}
	}
	return found
}

// failure is a condition that failed, and how far its rule got.
type failure struct {
	event topdown.Event
	rule  *ast.Rule
	share float64 // of the rule's conditions that held before
}

// nearest gives what failed below the step at index: in the rule of which most conditions held, its first that didn't. Where that
// is itself a rule that has no value, what failed in it.
func (s *steps) nearest(index int) *failure {
	parent := s.events[index].QueryID
	var best *failure
	children := map[uint64]*ast.Rule{}
	below := map[uint64]bool{}
	for i := index + 1; i < len(s.events); i++ {
		event := s.events[i]
		if event.QueryID == parent && (event.Op == topdown.EvalOp || event.Op == topdown.ExitOp || event.Op == topdown.FailOp) {
			break
		}
		if event.Op == topdown.EnterOp && (event.ParentID == parent || below[event.ParentID]) {
			if rule, isRule := event.Node.(*ast.Rule); isRule {
				if event.ParentID == parent || children[event.ParentID] == nil {
					children[event.QueryID] = rule
				}
			} else {
				below[event.QueryID] = true // the negated part itself
			}
		}
		rule := children[event.QueryID]
		expr, isExpr := event.Node.(*ast.Expr)
		if event.Op != topdown.FailOp || rule == nil || !isExpr {
			continue
		}
		if found := (&failure{event, rule, share(rule, expr)}); best == nil || found.share > best.share {
			best = s.deeper(found, i)
		}
	}
	return best
}

// deeper goes into the rule that a failed condition asks for, if what failed is in there.
func (s *steps) deeper(found *failure, failed int) *failure {
	for i := failed - 1; i >= 0; i-- {
		event := s.events[i]
		if event.QueryID == found.event.QueryID && event.Op == topdown.EvalOp {
			if below := s.nearest(i); below != nil && below.event.QueryID != found.event.QueryID {
				below.share = found.share
				return below
			}
			return found
		}
	}
	return found
}

// share says how far into its rule a condition stands, 0 to 1.
func share(rule *ast.Rule, expr *ast.Expr) float64 {
	for part := rule; part != nil; part = part.Else {
		for i, other := range part.Body {
			if other == expr || other.Location == expr.Location {
				return float64(i) / float64(len(part.Body))
			}
		}
	}
	return 0
}

// lastFailureAbout gives the last condition that failed while a variable had this value.
func (s *steps) lastFailureAbout(name string) (*Rule, *Condition) {
	for i := len(s.events) - 1; i >= 0; i-- {
		event := s.events[i]
		if event.Op != topdown.FailOp || event.Locals == nil {
			continue
		}
		about := false
		event.Locals.Iter(func(_, value ast.Value) bool {
			about = about || ast.StringTerm(name).Value.Compare(value) == 0
			return about
		})
		if about {
			return &Rule{Name: s.ruleAround(i), Place: placeOf(event.Location)}, conditionOf(event, nil)
		}
	}
	return nil, nil
}

// ruleAround names the rule that a step belongs to.
func (s *steps) ruleAround(index int) string {
	query := s.events[index].QueryID
	for i := index; i >= 0; i-- {
		event := s.events[i]
		if event.Op != topdown.EnterOp || event.QueryID != query {
			continue
		}
		if rule, isRule := event.Node.(*ast.Rule); isRule {
			return nameOf(rule)
		}
		query = event.ParentID
	}
	return ""
}

func nameOf(rule *ast.Rule) string {
	return strings.TrimPrefix(rule.Ref().GroundPrefix().String(), "data.")
}

func placeOf(at *ast.Location) string {
	if at == nil {
		return ""
	}
	return fmt.Sprintf("%s:%d", at.File, at.Row)
}
