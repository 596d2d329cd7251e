package gateway

import (
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// pointersOf turns one finding of the schema library into pointers. Only the keyword is taken over: the library's text may
// name a member that the caller invented, and a name can be a personal number as well as a value can.
func pointersOf(finding *openapi3.SchemaError) []exchange.Pointer {
	place := pointer(finding.JSONPointer())
	if finding.SchemaField == "properties" {
		return unknownMembers(place, finding)
	}
	return []exchange.Pointer{fault(place, faultOf(finding.SchemaField))}
}

// unknownMembers names the members that the contract doesn't have, as far as their names are plain words; for the others it
// points at the object that holds them.
func unknownMembers(place string, finding *openapi3.SchemaError) []exchange.Pointer {
	object, _ := finding.Value.(map[string]any)
	var list []exchange.Pointer
	for name := range object {
		if finding.Schema.Properties[name] != nil {
			continue
		}
		at := place
		if plainWord(name) {
			at += "/" + name
		}
		list = append(list, fault(at, faultUnknown))
	}
	return list
}

// plainWord: short and letters only, so that it can't be a number of anybody.
func plainWord(name string) bool {
	notLetter := func(c rune) bool { return c|0x20 < 'a' || c|0x20 > 'z' }
	return name != "" && len(name) <= 32 && !strings.ContainsFunc(name, notLetter)
}

// pointer writes an RFC 6901 JSON pointer. The keys are the contract's own names and indexes.
func pointer(keys []string) string {
	var text strings.Builder
	for _, key := range keys {
		text.WriteByte('/')
		text.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(key))
	}
	return text.String()
}

func comparePointers(a, b exchange.Pointer) int {
	if order := strings.Compare(a.Pointer, b.Pointer); order != 0 {
		return order
	}
	return strings.Compare(a.Code, b.Code)
}

// faultOf gives the fault for a keyword of JSON Schema.
func faultOf(keyword string) faultCode {
	switch keyword {
	case "required":
		return faultMissing
	case "type", "nullable":
		return faultType
	case "minLength", "maxLength":
		return faultLength
	case "enum":
		return faultChoice
	case "minimum", "maximum":
		return faultRange
	case "minItems", "maxItems":
		return faultCount
	case "uniqueItems":
		return faultRepeated
	}
	return faultForm
}

// sorted gives the pointers in order, each once and as many as the contract allows.
func sorted(list []exchange.Pointer) []exchange.Pointer {
	slices.SortFunc(list, comparePointers)
	list = slices.CompactFunc(list, func(a, b exchange.Pointer) bool { return a.Pointer == b.Pointer && a.Code == b.Code })
	return list[:min(len(list), maxPointers)]
}
