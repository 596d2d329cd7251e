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

// readsOf gives the parts of the input that rules and all that they depend on read, in a fixed order. same is false if they read
// something that no two requests have in common, or all of it, or put something else in its place.
func readsOf(compiler *ast.Compiler, rules []*ast.Rule, skip func(*ast.Rule) bool) (parts []ast.Ref, same bool) {
	found := map[string]ast.Ref{}
	r := reads{compiler: compiler, skip: skip, seen: map[*ast.Rule]bool{}, found: func(_ *ast.Rule, ref ast.Ref) {
		found[fixedPart(ref).String()] = fixedPart(ref)
	}}
	for _, rule := range rules {
		r.of(rule)
	}
	same = !r.changes
	for _, name := range slices.Sorted(maps.Keys(found)) {
		part := found[name][1:]
		if len(part) == 0 || part[0].Equal(key.now) || part[0].Equal(key.authentications) {
			same = false
		}
		parts = append(parts, part)
	}
	return parts, same
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
