package matrix

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

func (r *reader) purpose(s sheet, purpose string) {
	for _, operation := range slices.Sorted(maps.Keys(s.Sees[purpose])) {
		at := "sees." + purpose + "." + string(operation)
		if !slices.Contains(policies.Operations(), operation) {
			r.fault(at, "%s is no operation", operation)
		}
		regions := s.Sees[purpose][operation]
		for _, region := range slices.Sorted(maps.Keys(regions)) {
			for _, section := range r.sections(at+"."+region, Section{s.Platform, purpose, operation, region}) {
				r.section(at+"."+region, section, regions[region])
			}
		}
	}
}

// sections gives the one or two sections that a region stands for.
func (r *reader) sections(at string, section Section) []Section {
	var all []Section
	switch section.Region {
	case Own, Other:
		all = []Section{section}
	case Any:
		own, other := section, section
		own.Region, other.Region = Own, Other
		all = []Section{own, other}
	default:
		r.fault(at, "%s is no region; there are own, other, any", section.Region)
	}
	for _, one := range all {
		if r.book.places[one.key()] != "" {
			r.fault(at, "this is said at %s already", r.book.places[one.key()])
		}
		r.book.places[one.key()] = r.place(at)
	}
	return all
}

func (r *reader) section(at string, section Section, groups []groupLine) {
	for i, group := range groups {
		below := fmt.Sprintf("%s[%d]", at, i)
		masks := r.masks(below, group.From)
		for j, field := range group.Fields {
			r.field(fmt.Sprintf("%s.fields[%d]", below, j), section, field, masks)
		}
	}
}

func (r *reader) field(at string, section Section, field exchange.Field, masks []exchange.Mask) {
	key := section.key() + "/" + string(field)
	if !slices.Contains(section.Fields(), field) {
		r.fault(at, "%s discloses no %s", section.Operation, field)
	}
	if r.book.places[key] != "" {
		r.fault(at, "%s is at %s already", field, r.book.places[key])
	}
	r.book.places[key] = r.place(at)
	for i, level := range Levels(r.data) {
		if masks[i] == "" {
			continue
		}
		cell := Cell{section, level}
		if r.book.seen[cell] == nil {
			r.book.seen[cell] = map[exchange.Field]exchange.Mask{}
		}
		r.book.seen[cell][field] = masks[i]
	}
}

// masks gives the mask at each level, "" where the fields are hidden: what is said for a level holds until another says otherwise.
func (r *reader) masks(at string, from map[string]string) []exchange.Mask {
	levels := Levels(r.data)
	for _, level := range slices.Sorted(maps.Keys(from)) {
		r.name(at+".from."+level, level, levels, "level")
	}
	if len(from) == 0 {
		r.fault(at, "from which level on?")
	}
	all := make([]exchange.Mask, len(levels))
	mask := exchange.Mask("")
	for i, level := range levels {
		if word, said := from[level]; said {
			mask = r.mask(at+".from."+level, word)
		}
		all[i] = mask
	}
	return all
}

func (r *reader) mask(at, word string) exchange.Mask {
	switch mask := exchange.Mask(word); {
	case word == Hidden:
		return ""
	case word == Clear:
		return exchange.MaskNone
	case mask == exchange.MaskNone || !mask.Known():
		r.fault(at, "%s is no way of showing; there are %s", word, strings.Join(words(), ", "))
	default:
		return mask
	}
	return ""
}

// words are all ways of showing a field or not.
func words() []string {
	return []string{
		Clear, Hidden, string(exchange.MaskName), string(exchange.MaskStrong), string(exchange.MaskOrdinary), string(exchange.MaskThirds),
		string(exchange.MaskMobile), string(exchange.MaskPlate), string(exchange.MaskYear),
	}
}

// word writes a mask as matrix files do.
func word(mask exchange.Mask) string {
	switch mask {
	case "":
		return Hidden
	case exchange.MaskNone:
		return Clear
	}
	return string(mask)
}
