package mutation

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/policies"
)

// ofRules makes the mutants of all rules.
func ofRules(draft *policies.Draft) []*Mutant {
	var all []*Mutant
	words := vocabularies(draft.Data)
	for _, path := range slices.Sorted(maps.Keys(draft.Modules)) {
		module := draft.Modules[path]
		for i, rule := range module.Rules {
			maker := maker{draft: draft, path: path, index: i, words: words}
			all = append(all, maker.whole(rule)...)
			for depth, branch := 0, rule; branch != nil; depth, branch = depth+1, branch.Else {
				maker.depth = depth
				all = append(all, maker.branch(branch)...)
			}
		}
	}
	return all
}

// maker makes mutants of one rule. A rule is found again in a copy of its module by its index and the depth of its else.
type maker struct {
	draft *policies.Draft
	path  string
	index int
	depth int
	words [][]string
}

// mutant makes one; change is applied to a copy of the rule.
func (m maker) mutant(at *ast.Location, what string, change func(module *ast.Module, rule *ast.Rule)) *Mutant {
	original := m.draft.Modules[m.path]
	name := strings.TrimPrefix(original.Rules[m.index].Ref().GroundPrefix().String(), "data.")
	return &Mutant{
		ID:    fmt.Sprintf("%s: %s%s: %s", m.path, name, m.which(), what),
		Place: fmt.Sprintf("%s:%d", m.path, at.Row),
		focus: []string{original.Package.Path.String()},
		modules: func() map[string]*ast.Module {
			changed := original.Copy()
			rule := changed.Rules[m.index]
			for range m.depth {
				rule = rule.Else
			}
			change(changed, rule)
			modules := maps.Clone(m.draft.Modules)
			modules[m.path] = changed
			return modules
		},
	}
}

// which tells apart the definitions of one rule, from 1, and their branches.
func (m maker) which() string {
	rules := m.draft.Modules[m.path].Rules
	number, all := 0, 0
	for i, other := range rules {
		if other.Ref().GroundPrefix().Equal(rules[m.index].Ref().GroundPrefix()) {
			if all++; i <= m.index {
				number++
			}
		}
	}
	text := ""
	if all > 1 {
		text = fmt.Sprintf("#%d", number)
	}
	if m.depth > 0 {
		text += fmt.Sprintf(" else %d", m.depth)
	}
	return text
}

// whole leaves the rule out.
func (m maker) whole(rule *ast.Rule) []*Mutant {
	what := "leave out the rule"
	if rule.Default {
		what = "leave out the default"
	}
	return []*Mutant{m.mutant(rule.Location, what, func(module *ast.Module, _ *ast.Rule) {
		module.Rules = slices.Delete(module.Rules, m.index, m.index+1)
	})}
}

// branch changes the conditions and values of one branch of a rule.
func (m maker) branch(rule *ast.Rule) []*Mutant {
	var all []*Mutant
	if rule.Else != nil {
		all = append(all, m.mutant(rule.Else.Location, fmt.Sprintf("leave out else %d", m.depth+1), func(_ *ast.Module, rule *ast.Rule) {
			rule.Else = rule.Else.Else
		}))
	}
	for b, body := range bodies(rule) {
		for e, expr := range *body {
			all = append(all, m.expression(b, e, len(*body), expr)...)
		}
	}
	return append(all, m.terms(rule)...)
}

// bodies gives the rule's body and all bodies in it, of comprehensions and of every, always in the same order.
func bodies(rule *ast.Rule) []*ast.Body {
	all := []*ast.Body{&rule.Body}
	visit := func(node any) bool {
		switch node := node.(type) {
		case *ast.ArrayComprehension:
			all = append(all, &node.Body)
		case *ast.SetComprehension:
			all = append(all, &node.Body)
		case *ast.ObjectComprehension:
			all = append(all, &node.Body)
		case *ast.Every:
			all = append(all, &node.Body)
		}
		return false
	}
	ast.NewGenericVisitor(visit).Walk(rule.Head)
	ast.NewGenericVisitor(visit).Walk(rule.Body)
	return all
}
