package checkup

import (
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/policies"
)

// schemaPrefix keeps the schemas of the data apart from those of input documents.
const schemaPrefix = "data_"

// dataSchemas describes each part of the data to the compiler: the members that it may have, and the keys that there are. So a
// misspelt member of the data is an error like a misspelt member of the input.
func dataSchemas(data map[string]any) map[string]any {
	schemas := map[string]any{}
	for _, section := range policies.Members() {
		schemas[schemaPrefix+section] = schemaOf(data[section], section)
	}
	return schemas
}

// schemaAnnotations says which part of the data has which schema.
func schemaAnnotations() []*ast.SchemaAnnotation {
	var all []*ast.SchemaAnnotation
	for _, section := range policies.Members() {
		all = append(all, &ast.SchemaAnnotation{
			Path:   ast.DefaultRootRef.Append(ast.StringTerm(section)),
			Schema: ast.SchemaRootRef.Append(ast.StringTerm(schemaPrefix + section)),
		})
	}
	return all
}

func schemaOf(value any, path ...string) any {
	given, isObject := value.(map[string]any)
	known := policies.Members(path...)
	if known == nil && isObject {
		known = slices.Sorted(maps.Keys(given))
	}
	if len(known) == 0 {
		return map[string]any{} // anything
	}
	properties := map[string]any{}
	for _, name := range known {
		properties[name] = schemaOf(given[name], append(slices.Clone(path), name)...)
	}
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

// describeData tells each package of the data's schemas: in the file that describes the package already, or else in its first.
func describeData(modules map[string]*ast.Module) {
	chosen := map[string]string{} // path by package
	for _, path := range slices.Sorted(maps.Keys(modules)) {
		name := modules[path].Package.Path.String()
		if _, known := chosen[name]; !known || described(modules[path]) >= 0 {
			chosen[name] = path
		}
	}
	for _, path := range chosen {
		modules[path] = withSchemas(modules[path])
	}
}

// described gives the index of what a module says of its package, -1 if it says nothing.
func described(module *ast.Module) int {
	return slices.IndexFunc(module.Annotations, func(a *ast.Annotations) bool { return a.Scope == "package" })
}

func withSchemas(module *ast.Module) *ast.Module {
	module = module.Copy()
	i := described(module)
	if i < 0 {
		i = len(module.Annotations)
		module.Annotations = append(module.Annotations, &ast.Annotations{Scope: "package", Location: module.Package.Location})
	}
	annotations := module.Annotations[i].Copy(module.Package)
	annotations.Schemas = append(annotations.Schemas, schemaAnnotations()...)
	module.Annotations[i] = annotations
	return module
}
