package policies

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// reads goes through rules and all that they depend on, and finds what they read of the input.
type reads struct {
	compiler *ast.Compiler
	skip     func(*ast.Rule) bool // what is not gone through; nil: nothing
	found    func(*ast.Rule, ast.Ref)
	changes  bool // some rule puts something else in the place of the input or the data (with)
	seen     map[*ast.Rule]bool
}

func (r *reads) of(rule *ast.Rule) {
	if r.seen[rule] || r.skip != nil && r.skip(rule) {
		return
	}
	r.seen[rule] = true
	r.terms(rule, rule)
	ast.WalkExprs(rule, func(expr *ast.Expr) bool {
		r.changes = r.changes || len(expr.With) > 0
		return false
	})
	for part := rule; part != nil; part = part.Else {
		for called := range r.compiler.Graph.Dependencies(part) {
			if next, ok := called.(*ast.Rule); ok {
				r.of(next)
			}
		}
	}
}

// terms finds the references to the input in a part of a rule. A reference may hold others: input.a[input.b].
func (r *reads) terms(rule *ast.Rule, part any) {
	ast.WalkTerms(part, func(term *ast.Term) bool {
		ref, isRef := term.Value.(ast.Ref)
		switch {
		case isRef && ref.HasPrefix(ast.InputRootRef):
			r.found(rule, ref)
			for _, below := range ref[1:] {
				r.terms(rule, below)
			}
			return true
		case ast.InputRootDocument.Equal(term):
			r.found(rule, ast.InputRootRef)
		}
		return false
	})
}

// readsOf gives the references into the input that rules and all that they depend on read, as far as they are the same for every
// request, in a fixed order and without the word input. same is false if they put something else in the input's place.
func readsOf(compiler *ast.Compiler, rules []*ast.Rule, skip func(*ast.Rule) bool) (refs []ast.Ref, same bool) {
	found := map[string]ast.Ref{}
	r := reads{compiler: compiler, skip: skip, seen: map[*ast.Rule]bool{}, found: func(_ *ast.Rule, ref ast.Ref) {
		found[fixedPart(ref).String()] = fixedPart(ref)
	}}
	for _, rule := range rules {
		r.of(rule)
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		refs = append(refs, found[name][1:])
	}
	return refs, !r.changes
}

// partsOf gives the parts of a request that references read. known is false if one of them reads what is no part: something that no
// two requests have in common, or all of the input.
func partsOf(refs []ast.Ref) (list []part, known bool) {
	for _, ref := range refs {
		one, known := partOf(ref)
		if !known {
			return nil, false
		}
		list = append(list, one)
	}
	return list, true
}

// fixedPart gives the leading part of a reference that is the same for every request: input.purpose of input.purpose[part].
func fixedPart(ref ast.Ref) ast.Ref {
	for i, term := range ref {
		if _, fixed := term.Value.(ast.String); i > 0 && !fixed {
			return ref[:i]
		}
	}
	return ref
}
