package gateway

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// docsSchema is one named schema of the contract, as the page shows it.
type docsSchema struct {
	Name, Description string
	Type              docsType
	Members           []docsMember
}

type docsMember struct {
	Name, Description string
	Type              docsType
	Required          bool
}

// docsType says in one line what a value must be. Ref is the name of the schema in its middle, if it refers to one.
type docsType struct{ Before, Ref, After string }

// describeSchema shows the members in the order given.
func describeSchema(name string, schema *openapi3.Schema, members []string, l locale) docsSchema {
	described := docsSchema{Name: name, Description: l.line(schema.Description), Type: typeOf(&openapi3.SchemaRef{Value: schema})}
	for _, member := range members {
		property := schema.Properties[member]
		described.Members = append(described.Members, docsMember{
			Name: member, Type: typeOf(property), Description: l.line(property.Value.Description),
			Required: slices.Contains(schema.Required, member),
		})
	}
	return described
}

// describeParameter says also where it stands, as in "wait (query)".
func describeParameter(parameter *openapi3.Parameter, l locale) docsMember {
	return docsMember{
		Name: fmt.Sprintf("%s (%s)", parameter.Name, parameter.In), Type: typeOf(parameter.Schema), Description: l.line(parameter.Description),
		Required: parameter.Required,
	}
}

// schemaName gives the name that a reference ends with, and "" for what stands in place.
func schemaName(ref *openapi3.SchemaRef) string {
	return ref.Ref[strings.LastIndexByte(ref.Ref, '/')+1:]
}

func typeOf(ref *openapi3.SchemaRef) docsType {
	schema := ref.Value
	switch {
	case ref.Ref != "":
		return docsType{Ref: schemaName(ref)}
	case schema.Items != nil:
		items := typeOf(schema.Items)
		return docsType{"array of " + items.Before, items.Ref, items.After + arrayRange(schema)}
	}
	return docsType{Before: rule(schema)}
}

func arrayRange(schema *openapi3.Schema) string {
	if schema.MaxItems == nil {
		return ""
	}
	return ", " + between(schema.MinItems, *schema.MaxItems)
}

// rule says what a value without parts must be: one of a list, or of a type within limits.
func rule(schema *openapi3.Schema) string {
	if len(schema.Enum) > 0 {
		choices := make([]string, 0, len(schema.Enum))
		for _, choice := range schema.Enum {
			choices = append(choices, fmt.Sprint(choice))
		}
		return strings.Join(choices, " | ")
	}
	parts := []string{strings.Join(schema.Type.Slice(), " | ")}
	if schema.MaxLength != nil {
		parts = append(parts, between(schema.MinLength, *schema.MaxLength))
	}
	if limits := limits(schema); limits != "" {
		parts = append(parts, limits)
	}
	if schema.Pattern != "" {
		parts = append(parts, schema.Pattern)
	}
	return strings.Join(parts, ", ")
}

// limits are those of a number.
func limits(schema *openapi3.Schema) string {
	switch {
	case schema.Min != nil && schema.Max != nil:
		return between(number(*schema.Min), number(*schema.Max))
	case schema.Min != nil:
		return "≥ " + number(*schema.Min)
	case schema.Max != nil:
		return "≤ " + number(*schema.Max)
	}
	return ""
}

// number writes no exponent, which a whole number of nine digits would get.
func number(value float64) string { return strconv.FormatFloat(value, 'f', -1, 64) }

// between writes a range, and one value where both ends are the same.
func between[T comparable](low, high T) string {
	if low == high {
		return fmt.Sprint(low)
	}
	return fmt.Sprintf("%v–%v", low, high)
}
