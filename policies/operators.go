package policies

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// TellsOperatorsApart reports whether decisions on queries and notices depend on who the operator is beyond what is asked by comparing
// input.purpose.operator with one of the words. Any other use of it counts, since it can't be told what becomes of the text.
func (e *Engine) TellsOperatorsApart(words ...string) bool {
	compiler := e.current.Load().question.compiler
	r := reads{compiler: compiler, seen: map[*ast.Rule]bool{}, found: func(*ast.Rule, ast.Ref) {}}
	for _, rule := range compiler.GetRules(ast.MustParseRef(decisionDocument)) {
		r.of(rule)
	}
	for rule := range r.seen {
		if operatorUses(rule) > operatorComparisons(rule, words) {
			return true
		}
	}
	return false
}

// operatorUses counts where a rule reads the operator.
func operatorUses(rule *ast.Rule) (uses int) {
	ast.WalkRefs(rule, func(ref ast.Ref) bool {
		if isOperator(ref) {
			uses++
		}
		return false
	})
	return uses
}

// operatorComparisons counts where a rule does no more than to compare it with one of the words.
func operatorComparisons(rule *ast.Rule, words []string) (comparisons int) {
	ast.WalkExprs(rule, func(expr *ast.Expr) bool {
		if expr.IsCall() && len(expr.Operands()) == 2 && compares(expr) {
			a, b := expr.Operand(0), expr.Operand(1)
			if isOperatorTerm(a) && isWord(b, words) || isOperatorTerm(b) && isWord(a, words) {
				comparisons++
			}
		}
		return false
	})
	return comparisons
}

func compares(expr *ast.Expr) bool {
	name := expr.Operator().String()
	return name == ast.Equal.Name || name == ast.Equality.Name || name == ast.NotEqual.Name
}

func isOperatorTerm(term *ast.Term) bool {
	ref, ok := term.Value.(ast.Ref)
	return ok && isOperator(ref)
}

func isOperator(ref ast.Ref) bool {
	return len(ref) > 2 && ref.HasPrefix(ast.InputRootRef) && ref[1].Equal(key.purpose) && ref[2].Equal(key.operator)
}

func isWord(term *ast.Term, words []string) bool {
	text, ok := term.Value.(ast.String)
	return ok && slices.Contains(words, string(text))
}
