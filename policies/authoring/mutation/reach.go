package mutation

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/policies"
)

// reach is what the table depends on: packages such as data.zhengqiao.masks, and parts of the data such as fields.
func reach(compiler *ast.Compiler) map[string]bool {
	found := map[string]bool{}
	for next := []string{policies.TablePackage}; len(next) > 0; next = next[1:] {
		if found[next[0]] {
			continue
		}
		found[next[0]] = true
		for _, module := range compiler.Modules {
			if module.Package.Path.String() == next[0] {
				next = append(next, references(module)...)
			}
		}
	}
	return found
}

// references gives the packages and the parts of the data that a module speaks of.
func references(module *ast.Module) []string {
	var found []string
	ast.WalkRefs(module, func(ref ast.Ref) bool {
		if !ref.HasPrefix(ast.DefaultRootRef) || len(ref) < 2 {
			return false
		}
		if name, ok := ref[1].Value.(ast.String); ok {
			found = append(found, string(name))
		}
		if len(ref) > 2 {
			found = append(found, ref[:3].String())
		}
		return false
	})
	return found
}
