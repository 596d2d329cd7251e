package gateway

import (
	"reflect"

	"github.com/getkin/kin-openapi/openapi3"
)

// fit is a schema made ready to tell, in one pass over a text and without building values, that the text fits it. It says yes or
// "don't know": what doesn't fit, and what is spelt unusually, is left to the schema library, which also knows why not. A yes is
// never wrong; tests hold it against the library.
type fit struct {
	kind     string // the schema's type
	members  map[string]member
	required uint64 // bits of members
	least    int    // members, items or characters
	most     int
	item     *fit
	distinct bool
	pattern  *pattern
	words    []string // enum; nil: any
	min, max float64
}

// member is one member that an object may have.
type member struct {
	bit uint64
	fit *fit
}

// mostMembers is how many bits there are.
const mostMembers = 64

// unbounded is more than a body can hold.
const unbounded = 1 << 30

// fitOf gives nil for a schema that says something which is not understood here: then nothing is known to fit it.
func fitOf(schema *openapi3.Schema) *fit {
	if !understood(schema) {
		return nil
	}
	f := &fit{kind: (*schema.Type)[0], least: int(schema.MinLength), most: bound(schema.MaxLength), distinct: schema.UniqueItems}
	ok := true
	switch f.kind {
	case openapi3.TypeObject:
		ok = f.object(schema)
	case openapi3.TypeArray:
		f.least, f.most, f.item = int(schema.MinItems), bound(schema.MaxItems), fitOf(schema.Items.Value)
		ok = f.item != nil && (!f.distinct || f.item.kind == openapi3.TypeString)
	case openapi3.TypeString:
		ok = f.text(schema)
	case openapi3.TypeInteger, openapi3.TypeNumber:
		ok = schema.Min != nil && schema.Max != nil && schema.Enum == nil
		if ok {
			f.min, f.max = *schema.Min, *schema.Max
		}
	case openapi3.TypeBoolean:
		ok = schema.Enum == nil
	}
	if !ok {
		return nil
	}
	return f
}

// understood reports whether a schema says nothing but what is taken account of here. Whatever else it may ever say, now or in a
// later version of the library, is a member of the struct that isn't zero.
func understood(schema *openapi3.Schema) bool {
	if schema == nil || schema.Type == nil || len(*schema.Type) != 1 || schema.Type.Is(openapi3.TypeArray) && schema.Items == nil {
		return false
	}
	rest := *schema
	rest.Type, rest.Title, rest.Description, rest.Example, rest.Examples, rest.Comment, rest.Origin, rest.Extensions = nil, "", "", nil, nil, "", nil, nil
	rest.Required, rest.Properties, rest.MinProps, rest.AdditionalProperties = nil, nil, 0, openapi3.AdditionalProperties{}
	rest.Items, rest.MinItems, rest.MaxItems, rest.UniqueItems = nil, 0, nil, false
	rest.MinLength, rest.MaxLength, rest.Pattern, rest.Enum, rest.Min, rest.Max = 0, nil, "", nil, nil, nil
	if rest.Format == "double" || rest.Format == "int64" { // which numbers are here anyway
		rest.Format = ""
	}
	return reflect.ValueOf(rest).IsZero()
}

func (f *fit) object(schema *openapi3.Schema) bool {
	additional := schema.AdditionalProperties.Has
	if additional == nil || *additional || len(schema.Properties) > mostMembers {
		return false
	}
	f.least, f.most, f.members = int(schema.MinProps), unbounded, map[string]member{}
	for name, property := range schema.Properties {
		one := member{bit: 1 << len(f.members), fit: fitOf(property.Value)}
		if one.fit == nil {
			return false
		}
		f.members[name] = one
	}
	for _, name := range schema.Required {
		one, known := f.members[name]
		if !known {
			return false
		}
		f.required |= one.bit
	}
	return true
}

func (f *fit) text(schema *openapi3.Schema) bool {
	for _, word := range schema.Enum {
		text, ok := word.(string)
		if !ok {
			return false
		}
		f.words = append(f.words, text)
	}
	if schema.Pattern == "" {
		return true
	}
	var err error
	f.pattern, err = compilePattern(schema.Pattern)
	return err == nil
}

func bound(given *uint64) int {
	if given == nil || *given > unbounded {
		return unbounded
	}
	return int(*given)
}
