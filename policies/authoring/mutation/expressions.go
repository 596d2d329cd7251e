package mutation

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// expression drops a condition and turns it round.
func (m maker) expression(body, index, of int, expr *ast.Expr) []*Mutant {
	if _, declares := expr.Terms.(*ast.SomeDecl); declares || expr.IsAssignment() || of == 1 && isTrue(expr) {
		return nil // it only binds a variable, or there is no condition
	}
	text := textOf(expr.Location)
	mutants := []*Mutant{
		m.mutant(expr.Location, "drop "+text, func(_ *ast.Module, rule *ast.Rule) { drop(bodies(rule)[body], index) }),
	}
	if _, every := expr.Terms.(*ast.Every); !every {
		mutants = append(mutants, m.mutant(expr.Location, "negate "+text, func(_ *ast.Module, rule *ast.Rule) {
			negated := (*bodies(rule)[body])[index]
			negated.Negated = !negated.Negated
		}))
	}
	if other := flipped(expr); other != "" {
		mutants = append(mutants, m.mutant(expr.Location, "take "+other+" in "+text, func(_ *ast.Module, rule *ast.Rule) {
			changed := (*bodies(rule)[body])[index]
			changed.Terms.([]*ast.Term)[0] = ast.NewTerm(builtinRef(other))
		}))
	}
	return mutants
}

// drop takes a condition out of a body; an empty body would be none.
func drop(body *ast.Body, index int) {
	var rest ast.Body
	for i, expr := range *body {
		if i != index {
			rest.Append(expr)
		}
	}
	if len(rest) == 0 {
		rest = ast.NewBody(ast.NewExpr(ast.BooleanTerm(true)))
	}
	*body = rest
}

// flipped gives the comparison that is one step beside the one of an expression, "" if it compares nothing.
func flipped(expr *ast.Expr) string {
	if !expr.IsCall() {
		return ""
	}
	switch expr.Operator().String() {
	case "lt":
		return "lte"
	case "lte":
		return "lt"
	case "gt":
		return "gte"
	case "gte":
		return "gt"
	case "equal":
		return "neq"
	case "neq":
		return "equal"
	}
	return ""
}

func builtinRef(name string) ast.Ref { return ast.Ref{ast.VarTerm(name)} }

func isTrue(expr *ast.Expr) bool {
	term, ok := expr.Terms.(*ast.Term)
	return ok && term.Equal(ast.BooleanTerm(true))
}

// longest is how much of a condition is told.
const longest = 100

// textOf gives what is written at a place, in one line.
func textOf(at *ast.Location) string {
	text := strings.Join(strings.Fields(string(at.Text)), " ")
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	return "`" + text + "`"
}
