package exchange

import "slices"

// shape keeps of one record what the decision grants, masked as it says. A field that the decision doesn't name is dropped:
// hidden is the default. Granted fields that can't be shown are added to lacks.
func shape[T any](record *T, table fieldTable[T], grants map[Field]Mask, today Date, lacks lackList) Disclosed {
	disclosed := make(Disclosed, 0, len(grants))
	for i := range table {
		name := table[i].name
		mask, granted := grants[name]
		if !granted {
			continue
		}
		if !mask.Known() {
			lacks[name] = maskUnknown
			continue
		}
		value, ok := table[i].value(record, today)
		if !ok {
			lacks[name] = sourceLacksField
			continue
		}
		shown, fits := masked(value, mask)
		if !fits {
			lacks[name] = maskUnfit
			continue
		}
		disclosed = append(disclosed, DisclosedField{name, shown, mask != MaskNone})
	}
	return disclosed
}

// masked applies the mask to a text or a date. No mask fits any other value: a number, a code, a list.
func masked(value any, mask Mask) (shown any, fits bool) {
	if mask == MaskNone {
		return value, true
	}
	switch v := value.(type) {
	case string:
		return mask.Apply(v), true
	case Date:
		return mask.Apply(v.String()), true
	}
	return nil, false
}

// shapeLicence shapes one licence.
func (r *Result) shapeLicence(licence *Licence, decision *Decision, today Date) []Withheld {
	licence.fill(today)
	lacks := lackList{}
	r.Licence = shape(licence, licenceFields, decision.Grants, today, lacks)
	return lacks.withheld()
}

// shapeViolations shapes all violations, unprocessed ones apart. What a violation can't have yet isn't reported as lacking, nor
// is what at least one violation has.
func (r *Result) shapeViolations(violations []Violation, decision *Decision, today Date) []Withheld {
	all, had := lackList{}, map[Field]bool{}
	r.Processed, r.Unprocessed = []Disclosed{}, []Disclosed{}
	for i := range violations {
		lacks := lackList{}
		disclosed := shape(&violations[i], violationFields, decision.Grants, today, lacks)
		all.add(lacks, violations[i].notYet())
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
		delete(all, field)
	}
	return all.withheld()
}

// notYet names the fields that only a decision, and the one that only a payment, brings about.
func (v *Violation) notYet() []Field {
	switch {
	case !v.Processed:
		return []Field{"decisionNumber", "violationPoints", "fineFen", "lateFeeFen", "payment", "paidOn", "decidedOn"}
	case v.Payment == PaymentUnpaid || v.Payment == PaymentNone:
		return []Field{"paidOn"}
	}
	return nil
}

// shapePicture passes the picture on if it was granted as it is: part of a picture can't be shown.
func (r *Result) shapePicture(picture *Picture, decision *Decision) []Withheld {
	if mask, granted := decision.Grants[PictureField]; !granted {
		return nil
	} else if mask != MaskNone {
		return lackList{PictureField: maskUnknown}.withheld()
	}
	r.Picture = picture
	return nil
}

// mostFields is room for the fields of any operation, which are few enough to be looked through faster than a map is made.
const mostFields = 32

// fields gives the names of the disclosed and of the masked fields, each once.
func (r *Result) fields() (disclosed, maskedFields []Field) {
	switch {
	case r.Picture != nil:
		return []Field{PictureField}, nil
	case r.Study != nil:
		return r.Study.Used, nil
	}
	disclosed = make([]Field, 0, mostFields)
	for field := range r.each {
		if !slices.Contains(disclosed, field.Name) {
			disclosed = append(disclosed, field.Name)
		}
	}
	return disclosed, r.Masked()
}

// Masked gives the names of the fields that are shown in part, each once.
func (r *Result) Masked() (list []Field) {
	if r.Picture != nil {
		return nil
	}
	for field := range r.each {
		if field.Masked && !slices.Contains(list, field.Name) {
			list = append(list, field.Name)
		}
	}
	return list
}

// each gives the fields of all records.
func (r *Result) each(yield func(*DisclosedField) bool) {
	for _, list := range [...][]Disclosed{{r.Licence}, r.Processed, r.Unprocessed} {
		for _, record := range list {
			for i := range record {
				if !yield(&record[i]) {
					return
				}
			}
		}
	}
}
