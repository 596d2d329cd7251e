package why

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// fill says what was in the way: the definition that gave the code, what it negates, and what failed in that. A definition that
// negates nothing is itself the answer: its last condition held.
func (e *explainer) fill(obstacle *Obstacle, followed *steps, by string) {
	query, rule := followed.giving(obstacle.Code, by)
	if rule == nil {
		return
	}
	negations := followed.negations(query)
	if len(negations) == 0 {
		if last := rule.Body[len(rule.Body)-1]; last.Location != nil {
			obstacle.Nearest = &Rule{nameOf(rule), placeOf(rule.Location)}
			obstacle.Condition = &Condition{Text: oneLine(last.Location), Place: placeOf(last.Location), Values: e.values(last, nil)}
		}
		return
	}
	last := negations[len(negations)-1]
	if found := followed.nearest(last); found != nil {
		obstacle.Nearest = &Rule{nameOf(found.rule), placeOf(found.rule.Location)}
		obstacle.Condition = conditionOf(found.event, e)
		return
	}
	// No rule was even tried: what the condition names is not there.
	event := followed.events[last]
	obstacle.Nearest = &Rule{nameOf(rule), placeOf(rule.Location)}
	obstacle.Condition = conditionOf(event, e)
}

// conditionOf tells a condition with the values of what it speaks of.
func conditionOf(event topdown.Event, e *explainer) *Condition {
	condition := &Condition{Text: oneLine(event.Location), Place: placeOf(event.Location)}
	if expr, isExpr := event.Node.(*ast.Expr); isExpr && e != nil {
		condition.Values = e.values(expr, &event)
	}
	return condition
}

// values gives what a condition speaks of, by the words in which it is written: what is compared, parts of the input, variables.
func (e *explainer) values(expr *ast.Expr, event *topdown.Event) map[string]string {
	values := map[string]string{}
	body, err := ast.ParseBody(string(expr.Location.Text))
	if err != nil || len(body) != 1 {
		return values
	}
	written := body[0]
	if event != nil {
		operands(values, written, expr, event.Locals)
		variables(values, written, event)
	}
	ast.WalkRefs(written, func(ref ast.Ref) bool {
		if ref.HasPrefix(ast.InputRootRef) && ref.IsGround() {
			values[ref.String()] = e.inputAt(ref)
		}
		return false
	})
	return values
}

func (e *explainer) inputAt(ref ast.Ref) string {
	value, err := e.question.Input.Find(ref[1:])
	if err != nil {
		return "undefined"
	}
	return value.String()
}

// operands gives the values of what a condition compares. The compiler has put variables in their places.
func operands(values map[string]string, written, compiled *ast.Expr, locals *ast.ValueMap) {
	if !written.IsCall() || !compiled.IsCall() || len(written.Operands()) != len(compiled.Operands()) || locals == nil {
		return
	}
	for i, operand := range written.Operands() {
		if value := locals.Get(compiled.Operand(i).Value); value != nil && !isLong(value) {
			values[operandText(operand)] = value.String()
		}
	}
}

func operandText(operand *ast.Term) string {
	if call, isCall := operand.Value.(ast.Call); isCall {
		return call.String()
	}
	return operand.String()
}

// variables gives the values of the variables that a condition names.
func variables(values map[string]string, written *ast.Expr, event *topdown.Event) {
	if event.Locals == nil {
		return
	}
	for name, metadata := range event.LocalMetadata {
		value := event.Locals.Get(name)
		if value == nil || isLong(value) {
			continue
		}
		ast.WalkVars(written, func(named ast.Var) bool {
			if named == metadata.Name {
				values[string(named)] = value.String()
			}
			return false
		})
	}
}

// longest is how much of a value helps.
const longest = 120

func isLong(value ast.Value) bool { return len(value.String()) > longest }

func oneLine(at *ast.Location) string {
	if at == nil {
		return ""
	}
	return strings.Join(strings.Fields(string(at.Text)), " ")
}
