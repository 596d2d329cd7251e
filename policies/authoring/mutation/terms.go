package mutation

import (
	"fmt"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// terms turns written truth values round, and widens and narrows written sets.
func (m maker) terms(rule *ast.Rule) []*Mutant {
	var all []*Mutant
	for i, term := range literals(rule) {
		switch value := term.Value.(type) {
		case ast.Boolean:
			all = append(all, m.replace(i, term, fmt.Sprintf("%v for %v", !value, value), ast.BooleanTerm(!bool(value))))
		case ast.Set:
			all = append(all, m.set(i, term, value)...)
		}
	}
	return all
}

// replace puts another value in the place of the i-th literal.
func (m maker) replace(i int, term *ast.Term, what string, by *ast.Term) *Mutant {
	return m.mutant(term.Location, what, func(_ *ast.Module, rule *ast.Rule) { literals(rule)[i].Value = by.Value })
}

func (m maker) set(i int, term *ast.Term, set ast.Set) []*Mutant {
	var all []*Mutant
	members := set.Slice()
	for j, member := range members {
		rest := slices.Concat(members[:j], members[j+1:])
		all = append(all, m.replace(i, term, fmt.Sprintf("%s without %s", textOf(term.Location), member), ast.SetTerm(rest...)))
	}
	for _, word := range m.missing(members) {
		added := slices.Concat(members, []*ast.Term{ast.StringTerm(word)})
		all = append(all, m.replace(i, term, fmt.Sprintf("%s with %q", textOf(term.Location), word), ast.SetTerm(added...)))
	}
	return all
}

// missing gives the other words of the vocabulary that all members are of.
func (m maker) missing(members []*ast.Term) []string {
	var names []string
	for _, member := range members {
		text, ok := member.Value.(ast.String)
		if !ok {
			return nil
		}
		names = append(names, string(text))
	}
	for _, words := range m.words {
		if len(names) > 0 && !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(words, name) }) {
			return slices.DeleteFunc(slices.Clone(words), func(word string) bool { return slices.Contains(names, word) })
		}
	}
	return nil
}

// literals gives the written truth values and sets of a rule, always in the same order. What a rule without a value of its own is
// worth, and a body that is only true, are written nowhere.
func literals(rule *ast.Rule) []*ast.Term {
	var all []*ast.Term
	visit := func(term *ast.Term) bool {
		switch value := term.Value.(type) {
		case ast.Boolean:
			if string(term.Location.Text) == value.String() {
				all = append(all, term)
			}
		case ast.Set:
			if value.Len() > 0 {
				all = append(all, term)
			}
		}
		return false
	}
	if rule.Head.Value != nil && !rule.Head.Value.Equal(ast.BooleanTerm(true)) {
		ast.WalkTerms(rule.Head.Value, visit)
	}
	for _, expr := range rule.Body {
		if !isTrue(expr) {
			ast.WalkTerms(expr, visit)
		}
	}
	return all
}

// vocabularies gives the closed lists of names that rules speak in.
func vocabularies(data map[string]any) [][]string {
	standings := map[string]bool{}
	for _, platform := range keysOf(data["platforms"]) {
		standings[textAt(data, "platforms", platform, "standing")] = true
	}
	return [][]string{
		slices.Sorted(maps.Keys(standings)), keysOf(data["platforms"]), keysOf(data["purposes"]), keysOf(data["fields"]),
		listAt(data, "assurance", "levels"),
	}
}
