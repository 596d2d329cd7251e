package exchange

import (
	"fmt"
	"slices"
)

// Reason codes of fields that the gateway itself withholds after policy granted them.
const (
	sourceLacksField = "source_lacks_field"
	shapeRule        = "exchange.shape"
)

// shape keeps of one record what the decision grants, masked as it says. A field that the decision doesn't name is dropped:
// hidden is the default. Granted fields that the source left out are added to missing.
func shape[T any](record *T, table fieldTable[T], grants map[Field]Mask, today Date, missing map[Field]bool) Disclosed {
	disclosed := make(Disclosed, 0, len(grants))
	for i := range table {
		mask, granted := grants[table[i].name]
		if !granted || !mask.Known() {
			continue
		}
		value, ok := table[i].value(record, today)
		if !ok {
			missing[table[i].name] = true
			continue
		}
		disclosed = append(disclosed, DisclosedField{table[i].name, masked(value, mask), mask != MaskNone})
	}
	return disclosed
}

// masked applies the mask to the value's text. A value that is no text can only be shown whole or not at all.
func masked(value any, mask Mask) any {
	if mask == MaskNone {
		return value
	}
	switch v := value.(type) {
	case string:
		return mask.Apply(v)
	case Date:
		return mask.Apply(v.String())
	}
	return mask.Apply(fmt.Sprint(value))
}

// lacking reports the granted fields that no record had.
func lacking(missing map[Field]bool) []Withheld {
	var list []Withheld
	for field := range missing {
		list = append(list, Withheld{Field: field, Code: sourceLacksField, Rule: shapeRule, Text: Text{
			ZH: "数据来源没有提供此项。", EN: "The source did not provide this field.",
		}})
	}
	slices.SortFunc(list, func(a, b Withheld) int { return compareFields(a.Field, b.Field) })
	return list
}

func compareFields(a, b Field) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// shapeLicence shapes one licence.
func (r *Result) shapeLicence(licence *Licence, decision *Decision, today Date) []Withheld {
	licence.fill(today)
	missing := map[Field]bool{}
	r.Licence = shape(licence, licenceFields, decision.Grants, today, missing)
	return lacking(missing)
}

// shapeViolations shapes all violations, unprocessed ones apart. What an unprocessed violation can't have (decision, points,
// fine) isn't reported as missing, nor is what at least one violation has.
func (r *Result) shapeViolations(violations []Violation, decision *Decision, today Date) []Withheld {
	missing, had := map[Field]bool{}, map[Field]bool{}
	r.Processed, r.Unprocessed = []Disclosed{}, []Disclosed{}
	for i := range violations {
		disclosed := shape(&violations[i], violationFields, decision.Grants, today, missing)
		for _, field := range disclosed {
			had[field.Name] = true
		}
		if violations[i].Processed {
			r.Processed = append(r.Processed, disclosed)
		} else {
			r.Unprocessed = append(r.Unprocessed, disclosed)
		}
	}
	for field := range had {
		delete(missing, field)
	}
	return lacking(missing)
}

// fields gives the names of the disclosed and of the masked fields, each once.
func (r *Result) fields() (disclosed, maskedFields []Field) {
	if r.Picture != nil {
		return []Field{PictureField}, nil
	}
	seen := map[Field]bool{}
	for _, list := range [][]Disclosed{{r.Licence}, r.Processed, r.Unprocessed} {
		for _, record := range list {
			for _, field := range record {
				if seen[field.Name] {
					continue
				}
				seen[field.Name] = true
				disclosed = append(disclosed, field.Name)
				if field.Masked {
					maskedFields = append(maskedFields, field.Name)
				}
			}
		}
	}
	return disclosed, maskedFields
}

// Masked gives the names of the fields that are shown in part.
func (r *Result) Masked() []Field {
	_, list := r.fields()
	return list
}
