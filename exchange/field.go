package exchange

import (
	"slices"
	"time"
)

// Field is the contract's name of one datum. Policies grant and withhold by it; one that no rule names stays hidden.
type Field string

// fieldTable says how each field of T is read; ok is false when the source did not say. The order is that of the answer.
type fieldTable[T any] []struct {
	name  Field
	value func(*T, Date) (value any, ok bool)
}

// Fields gives the names of the fields that an operation can disclose, in the answer's order.
func Fields(op Operation) []Field { return slices.Clone(fieldsOf(op)) }

// fieldsOf gives the same as a list that must not be changed.
func fieldsOf(op Operation) []Field {
	switch op {
	case LicenceQuery:
		return licenceNames
	case ViolationsQuery:
		return violationNames
	case PictureQuery:
		return pictureNames
	case StudyQuery:
		return studyNames
	case ChangeReport, ChangeDelivery:
		return changeFields()
	}
	return nil
}

// PictureField is the one field of a picture query.
const PictureField Field = "picture"

// only gives the entries of these names, in the table's order.
func (t fieldTable[T]) only(names ...Field) fieldTable[T] {
	var few fieldTable[T]
	for _, entry := range t {
		if slices.Contains(names, entry.name) {
			few = append(few, entry)
		}
	}
	return few
}

func (t fieldTable[T]) names() []Field {
	names := make([]Field, len(t))
	for i, field := range t {
		names[i] = field.name
	}
	return names
}

// The names of each table, made once.
var licenceNames, violationNames, pictureNames = licenceFields.names(), violationFields.names(), []Field{PictureField}

func text(s string) (any, bool)          { return s, s != "" }
func day(d Date) (any, bool)             { return d, !d.IsZero() }
func moment(t time.Time) (any, bool)     { return t.In(shanghai).Format(time.RFC3339), !t.IsZero() }
func classes(list []Class) (any, bool)   { return list, len(list) > 0 }
func flag(s, yes, no string) (any, bool) { return s == yes, s == yes || s == no }

func number(n *int) (any, bool) {
	if n == nil {
		return nil, false
	}
	return *n, true
}

var licenceFields = fieldTable[Licence]{
	{"name", func(l *Licence, _ Date) (any, bool) { return text(l.Name) }},
	{"idNumber", func(l *Licence, _ Date) (any, bool) { return text(l.IDNumber) }},
	{"sex", func(l *Licence, _ Date) (any, bool) { return text(l.Sex) }},
	{"birthDate", func(l *Licence, _ Date) (any, bool) { return day(l.BirthDate) }},
	{"nationality", func(l *Licence, _ Date) (any, bool) { return text(l.Nationality) }},
	{"fileNumber", func(l *Licence, _ Date) (any, bool) { return text(l.FileNumber) }},
	{"cardNumber", func(l *Licence, _ Date) (any, bool) { return text(l.CardNumber) }},
	{"classes", func(l *Licence, _ Date) (any, bool) { return classes(l.Classes) }},
	{"formerClasses", func(l *Licence, _ Date) (any, bool) { return classes(l.FormerClasses) }},
	{"status", func(l *Licence, _ Date) (any, bool) { return l.Status.States(), l.Status != "" }},
	{"mayDrive", func(l *Licence, _ Date) (any, bool) { return l.Status.MayDrive(), l.Status != "" }},
	{"points", func(l *Licence, _ Date) (any, bool) { return number(l.Points) }},
	{"cycleEnd", func(l *Licence, _ Date) (any, bool) { return day(l.CycleEnd) }},
	{"overLimitOn", func(l *Licence, _ Date) (any, bool) { return day(l.OverLimitOn) }},
	{"studyNoticeOn", func(l *Licence, _ Date) (any, bool) { return day(l.StudyNoticeOn) }},
	{"firstIssued", func(l *Licence, _ Date) (any, bool) { return day(l.FirstIssued) }},
	{"firstIssuer", func(l *Licence, _ Date) (any, bool) { return text(l.FirstIssuer) }},
	{"issuedOn", func(l *Licence, _ Date) (any, bool) { return day(l.IssuedOn) }},
	{"issuer", func(l *Licence, _ Date) (any, bool) { return text(l.Issuer) }},
	{"validFrom", func(l *Licence, _ Date) (any, bool) { return day(l.ValidFrom) }},
	{"validUntil", func(l *Licence, _ Date) (any, bool) { return day(l.ValidUntil) }},
	{"longTerm", func(l *Licence, _ Date) (any, bool) { return l.LongTerm, l.LongTerm || !l.ValidUntil.IsZero() }},
	{"validity", func(l *Licence, today Date) (any, bool) {
		validity := l.ValidityOn(today)
		return validity, validity != ValidityUnknown
	}},
	{"nextInspection", func(l *Licence, _ Date) (any, bool) { return day(l.NextInspection) }},
	{"inspectedUntil", func(l *Licence, _ Date) (any, bool) { return day(l.InspectedUntil) }},
	{"replacements", func(l *Licence, _ Date) (any, bool) { return number(l.Replacements) }},
	{"probation", func(l *Licence, _ Date) (any, bool) { return flag(l.Probation, "1", "2") }},
	{"address", func(l *Licence, _ Date) (any, bool) { return text(l.Address) }},
	{"phone", func(l *Licence, _ Date) (any, bool) { return text(l.Phone) }},
	{"updatedAt", func(l *Licence, _ Date) (any, bool) { return moment(l.UpdatedAt) }},
}

var violationFields = fieldTable[Violation]{
	{"violationId", func(v *Violation, _ Date) (any, bool) { return text(v.ID) }},
	{"decisionNumber", func(v *Violation, _ Date) (any, bool) { return text(v.DecisionNumber) }},
	{"occurredAt", func(v *Violation, _ Date) (any, bool) { return moment(v.OccurredAt) }},
	{"place", func(v *Violation, _ Date) (any, bool) { return text(v.Place) }},
	{"division", func(v *Violation, _ Date) (any, bool) { return text(v.Division) }},
	{"act", func(v *Violation, _ Date) (any, bool) { return text(v.Act) }},
	{"actText", func(v *Violation, _ Date) (any, bool) { return text(v.ActText) }},
	{"violationPoints", func(v *Violation, _ Date) (any, bool) { return number(v.Points) }},
	{"fineFen", func(v *Violation, _ Date) (any, bool) { return number(v.FineFen) }},
	{"lateFeeFen", func(v *Violation, _ Date) (any, bool) { return number(v.LateFeeFen) }},
	{"payment", func(v *Violation, _ Date) (any, bool) { return v.Payment, v.Payment != "" }},
	{"paidOn", func(v *Violation, _ Date) (any, bool) { return day(v.PaidOn) }},
	{"plateType", func(v *Violation, _ Date) (any, bool) { return text(v.PlateType) }},
	{"plateNumber", func(v *Violation, _ Date) (any, bool) { return text(v.PlateNumber) }},
	{"decidedOn", func(v *Violation, _ Date) (any, bool) { return day(v.DecidedOn) }},
	{"authority", func(v *Violation, _ Date) (any, bool) { return text(v.Authority) }},
	{"hasPicture", func(v *Violation, _ Date) (any, bool) { return v.HasPicture, true }},
}
