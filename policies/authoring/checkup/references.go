package checkup

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/policies"
)

// checkReferences finds references to rules that nobody wrote and to parts of the data that there are none of. The compiler takes
// them for documents that may come later; here everything there will be is there.
func checkReferences(compiler *ast.Compiler) []Finding {
	var findings []Finding
	for _, module := range compiler.Modules {
		ast.WalkRefs(module, func(ref ast.Ref) bool {
			if ref.HasPrefix(ast.DefaultRootRef) {
				findings = append(findings, lost(compiler, ref)...)
			}
			return false
		})
	}
	return findings
}

// lost follows a reference through packages and rules to the first name that isn't there.
func lost(compiler *ast.Compiler, ref ast.Ref) []Finding {
	node := compiler.RuleTree
	for i, step := range ref {
		next := node.Child(step.Value)
		switch {
		case next != nil && len(next.Values) > 0, !isName(step) && i > 0:
			return nil // a rule; or any of those there are
		case next != nil:
			node = next
			continue
		case i == 1 && dataHas(step):
			return nil
		}
		at := step.Location
		if at == nil {
			at = ref[0].Location
		}
		if at == nil || at.File == "" {
			return nil // made by the compiler
		}
		return []Finding{{at.File, at.Row, noSuch(text(step), ref[:i].String(), childrenOf(node, i))}}
	}
	return nil
}

func isName(term *ast.Term) bool {
	_, ok := term.Value.(ast.String)
	return ok
}

// dataHas says whether a part of the data has this name.
func dataHas(step *ast.Term) bool { return slices.Contains(policies.Members(), text(step)) }

// childrenOf gives the names that could have been meant.
func childrenOf(node *ast.TreeNode, depth int) []string {
	var names []string
	for key := range maps.Keys(node.Children) {
		names = append(names, text(ast.NewTerm(key)))
	}
	if depth == 1 {
		names = append(names, policies.Members()...)
	}
	return names
}
