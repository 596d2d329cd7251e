package gateway

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// docsSchema is one named schema of the contract, as the page shows it.
type docsSchema struct {
	Name, Description, Rule string
	Members                 []docsMember
}

type docsMember struct {
	Name, Ref, Rule, Description string
	Required                     bool
}

func describeSchema(name string, schema *openapi3.Schema, l locale) docsSchema {
	described := docsSchema{Name: name, Description: l.line(schema.Description), Rule: rule(schema)}
	for _, member := range slices.Sorted(maps.Keys(schema.Properties)) {
		property := schema.Properties[member]
		described.Members = append(described.Members, docsMember{
			Name: member, Ref: schemaName(property), Rule: rule(property.Value), Description: l.line(property.Value.Description),
			Required: slices.Contains(schema.Required, member),
		})
	}
	return described
}

// schemaName gives the name that a reference ends with, that of the items for a list, and "" for what stands in place.
func schemaName(ref *openapi3.SchemaRef) string {
	if ref.Ref == "" && ref.Value.Items != nil {
		ref = ref.Value.Items
	}
	return ref.Ref[strings.LastIndexByte(ref.Ref, '/')+1:]
}

// rule says in one line what a value must be.
func rule(schema *openapi3.Schema) string {
	parts := []string{strings.Join(schema.Type.Slice(), "|")}
	if schema.MaxLength != nil {
		parts = append(parts, fmt.Sprintf("%d–%d", schema.MinLength, *schema.MaxLength))
	}
	if schema.MaxItems != nil {
		parts = append(parts, fmt.Sprintf("[%d–%d]", schema.MinItems, *schema.MaxItems))
	}
	if schema.Min != nil && schema.Max != nil {
		parts = append(parts, fmt.Sprintf("%v–%v", *schema.Min, *schema.Max))
	}
	if schema.Pattern != "" {
		parts = append(parts, schema.Pattern)
	}
	for _, choice := range schema.Enum {
		parts = append(parts, fmt.Sprint(choice))
	}
	return strings.Join(parts, " ")
}
