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
func behalfTerm(r *exchange.DecisionRequest) *ast.Term {
	b, now := r.Behalf, r.Now
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
		document.Insert(key.scope, scopeTerm(asked(r)))
	}
	return ast.NewTerm(document)
}

func scopeTerm(s *exchange.Scope) *ast.Term {
	return ast.ObjectTerm(
		pair{key.purposes, textTerms(s.Purposes)}, pair{key.operations, textTerms(s.Operations)}, pair{key.fields, textTerms(s.Fields)},
	)
}

// otherwise is in a list of which nothing concerns the request: an empty one is another fault.
const otherwise = "-"

// asked is the part of a scope that concerns the request: names that it does not ask about are the caller's to make up, and would fill what
// is remembered of decisions.
func asked(r *exchange.DecisionRequest) *exchange.Scope {
	scope, known := r.Behalf.Scope, exchange.Fields(r.Operation)
	return &exchange.Scope{
		Purposes:   concerning(scope.Purposes, func(name string) bool { return name == r.Purpose.Code }),
		Operations: concerning(scope.Operations, func(name exchange.Operation) bool { return name == r.Operation }),
		Fields: concerning(scope.Fields, func(name exchange.Field) bool {
			return slices.Contains(known, name) || slices.Contains(r.Wanted, name)
		}),
	}
}

func concerning[T ~string](list []T, does func(T) bool) []T {
	kept := slices.DeleteFunc(slices.Clone(list), func(name T) bool { return !does(name) })
	if len(kept) == 0 && len(list) > 0 {
		return []T{otherwise}
	}
	slices.Sort(kept)
	return slices.Compact(kept)
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
	scope := asked(r)
	return appendTexts(appendTexts(appendTexts(text, scope.Purposes), scope.Operations), scope.Fields)
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
