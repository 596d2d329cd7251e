package policies

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// allowedBuiltins are the functions that a policy may call: pure ones, whose answer depends on their arguments alone and whose
// cost is bounded by the size of those. So no network, no clock, no randomness, no environment, no tracing, and nothing that
// makes something huge out of something small (bits.lsh, units.*, numbers.range).
func allowedBuiltins() []string {
	return []string{
		"eq", "assign", "equal", "neq", "lt", "lte", "gt", "gte", "plus", "minus", "mul", "div", "rem", "and", "or",
		"internal.member_2", "internal.member_3",
		"abs", "ceil", "floor", "round", "count", "sum", "max", "min", "sort",
		"array.concat", "array.reverse", "array.slice", "intersection", "union",
		"object.filter", "object.get", "object.keys", "object.remove", "object.subset", "object.union", "object.union_n",
		"concat", "contains", "endswith", "indexof", "lower", "split", "sprintf", "startswith", "substring", "trim", "trim_space",
		"upper", "regex.match",
		"is_array", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string", "to_number",
	}
}

// capabilities gives the engine's own capabilities less every function that is not allowed. No schema may be fetched either.
func capabilities() *ast.Capabilities {
	allowed := allowedBuiltins()
	c := ast.CapabilitiesForThisVersion()
	c.Builtins = slices.DeleteFunc(c.Builtins, func(b *ast.Builtin) bool { return !slices.Contains(allowed, b.Name) })
	c.AllowNet = []string{}
	return c
}
