package gateway

import (
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// pointer writes an RFC 6901 JSON pointer. The keys are the contract's own names and indexes.
func pointer(keys []string) string {
	var text strings.Builder
	for _, key := range keys {
		text.WriteByte('/')
		text.WriteString(strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1"))
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

// maxPointers is the contract's bound on the list of a problem.
const maxPointers = 64

// sorted gives the pointers in order, each once and as many as the contract allows, with their texts.
func sorted(list []exchange.Pointer) []exchange.Pointer {
	slices.SortFunc(list, comparePointers)
	list = slices.CompactFunc(list, func(a, b exchange.Pointer) bool { return a.Pointer == b.Pointer && a.Code == b.Code })
	list = list[:min(len(list), maxPointers)]
	for i := range list {
		list[i].Text = faultCode(list[i].Code).text()
	}
	return list
}
