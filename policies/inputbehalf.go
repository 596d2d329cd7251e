package policies

import (
	"errors"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// behalfTerm gives what somebody shows who asks in the subject's place. Moments become spans from now, as those of authentications do,
// so that rules need no clock.
func behalfTerm(b *exchange.BehalfFacts, now time.Time) *ast.Term {
	document := ast.NewObject(
		pair{key.relation, ast.StringTerm(string(b.Relation))},
		pair{key.agentAge, ast.InternedTerm(b.AgentAge)},
		pair{key.agentIsSubject, ast.InternedTerm(b.AgentIsSubject)},
	)
	if !b.From.IsZero() {
		document.Insert(key.since, whole64(age(b.From, now)))
	}
	if !b.Until.IsZero() {
		document.Insert(key.left, whole64(-age(b.Until, now)))
	}
	if !b.From.IsZero() && !b.Until.IsZero() {
		document.Insert(key.length, whole64(age(b.From, b.Until)))
	}
	if b.Scope != nil {
		document.Insert(key.scope, scopeTerm(b.Scope))
	}
	return ast.NewTerm(document)
}

func scopeTerm(s *exchange.Scope) *ast.Term {
	return ast.ObjectTerm(
		pair{key.purposes, textTerms(s.Purposes)}, pair{key.operations, textTerms(s.Operations)}, pair{key.fields, textTerms(s.Fields)},
	)
}

// errBehalfUnread keeps an agent's authentication from being taken for the subject's by rules that were written before there were agents.
var errBehalfUnread = errors.New("the policies in force don't ask who asks in somebody's place")

// readsBehalf reports whether the rules read who asks in the subject's place.
func readsBehalf(compiler *ast.Compiler) bool {
	refs, _ := readsOf(compiler, compiler.GetRules(ast.MustParseRef(decisionDocument)), nil)
	return slices.ContainsFunc(refs, func(ref ast.Ref) bool { return len(ref) > 0 && ref[0].Equal(key.behalf) })
}

// appendBehalf writes down what behalfTerm depends on: see [part].
func appendBehalf(text []byte, r *exchange.DecisionRequest) []byte {
	b := r.Behalf
	if b == nil {
		return append(text, 'n') // which no length begins with
	}
	text = appendNumber(appendText(text, string(b.Relation)), int64(b.AgentAge))
	if b.AgentIsSubject {
		text = append(text, 's')
	}
	text = appendMoment(text, b.From, r.Now)
	text = appendMoment(text, b.Until, r.Now)
	if !b.From.IsZero() && !b.Until.IsZero() { // which the two ages, rounded one by one, don't say
		text = appendNumber(text, age(b.From, b.Until))
	}
	if b.Scope == nil {
		return append(text, 'n')
	}
	return appendTexts(appendTexts(appendTexts(text, b.Scope.Purposes), b.Scope.Operations), b.Scope.Fields)
}

func appendMoment(text []byte, at, now time.Time) []byte {
	if at.IsZero() {
		return append(text, 'n')
	}
	return appendNumber(text, age(at, now))
}

func appendTexts[T ~string](text []byte, list []T) []byte {
	text = appendNumber(text, int64(len(list)))
	for one := range slices.Values(list) {
		text = appendText(text, string(one))
	}
	return text
}
