package gateway

import (
	"errors"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// findings turns what the schema library found into pointers. There are never more of them than a small multiple of the values
// in the body, which parseJSON bounds.
type findings struct {
	list    []exchange.Pointer
	objects map[string]bool // places of the objects whose unknown members are listed
}

func (f *findings) collect(err error) {
	if many, ok := errors.AsType[openapi3.MultiError](err); ok {
		for _, one := range many {
			f.collect(one)
		}
		return
	}
	if one, ok := errors.AsType[*openapi3.SchemaError](err); ok {
		f.add(one)
		return
	}
	f.list = append(f.list, fault("", faultForm))
}

// add takes over only the keyword of a finding: the library's text may name a member that the caller invented, and a name can be
// a personal number as well as a value can. An unknown member's name stands nowhere but in that text, so the object is looked
// through for all of them; but the library reports the object once for each, and it is done once.
func (f *findings) add(finding *openapi3.SchemaError) {
	place := pointer(finding.JSONPointer())
	if finding.SchemaField != "properties" {
		f.list = append(f.list, fault(place, faultOf(finding.SchemaField)))
		return
	}
	if f.objects[place] {
		return
	}
	if f.objects == nil {
		f.objects = map[string]bool{}
	}
	f.objects[place] = true
	f.unknownMembers(place, finding)
}

// unknownMembers names the members that the contract doesn't have, as far as their names are plain words; for the others it
// points at the object that holds them.
func (f *findings) unknownMembers(place string, finding *openapi3.SchemaError) {
	object, _ := finding.Value.(map[string]any)
	for name := range object {
		if finding.Schema.Properties[name] != nil {
			continue
		}
		at := place
		if plainWord(name) {
			at += "/" + name
		}
		f.list = append(f.list, fault(at, faultUnknown))
	}
}

// plainWord: short and letters only, so that it can't be a number of anybody.
func plainWord(name string) bool {
	notLetter := func(c rune) bool { return c|0x20 < 'a' || c|0x20 > 'z' }
	return name != "" && len(name) <= 32 && !strings.ContainsFunc(name, notLetter)
}
