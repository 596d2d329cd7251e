package exchange

import "slices"

// Facts is what one party says of a licence at one moment, as far as it says anything: a nil or zero member is silence, never
// a value. It holds what platforms are told about, no more.
type Facts struct {
	Status       StatusSet `json:"status,omitempty"`       // zt, the whole set; a licence always has a status
	Classes      []Class   `json:"classes,omitempty"`      // zjcx
	ValidUntil   Date      `json:"validUntil,omitzero"`    // yxqz
	LongTerm     *bool     `json:"longTerm,omitempty"`     // 长期
	CardNumber   string    `json:"cardNumber,omitempty"`   // zxbh
	Replacements *int      `json:"replacements,omitempty"` // bzcs
	IssuedOn     Date      `json:"issuedOn,omitzero"`      // fzrq
	Points       *int      `json:"points,omitempty"`       // ljjf
	CycleEnd     Date      `json:"cycleEnd,omitzero"`      // qfrq
}

// Aspect is a group of facts that change together, are announced together and stand or fall together.
type Aspect string

// The aspects of a licence.
const (
	AspectStatus      Aspect = "status"      // zt
	AspectClasses     Aspect = "classes"     // zjcx
	AspectValidity    Aspect = "validity"    // yxqz, 长期
	AspectReplacement Aspect = "replacement" // zxbh, bzcs, fzrq
	AspectPoints      Aspect = "points"      // ljjf
	AspectCycle       Aspect = "cycle"       // qfrq
)

// Aspects gives all aspects in a fixed order.
func Aspects() []Aspect {
	return []Aspect{AspectStatus, AspectClasses, AspectValidity, AspectReplacement, AspectPoints, AspectCycle}
}

// Says reports whether the facts say anything of the aspect.
func (f *Facts) Says(a Aspect) bool {
	switch a {
	case AspectStatus:
		return f.Status != ""
	case AspectClasses:
		return len(f.Classes) > 0
	case AspectValidity:
		return !f.ValidUntil.IsZero() || f.LongTerm != nil
	case AspectReplacement:
		return f.CardNumber != "" || f.Replacements != nil
	case AspectPoints:
		return f.Points != nil
	case AspectCycle:
		return !f.CycleEnd.IsZero()
	}
	return false
}

// Agrees reports whether both say the same of the aspect; silence agrees with silence only.
func (f *Facts) Agrees(other *Facts, a Aspect) bool {
	switch a {
	case AspectStatus:
		return f.Status.Equal(other.Status)
	case AspectClasses:
		return slices.Equal(f.Classes, other.Classes)
	case AspectValidity:
		return f.ValidUntil == other.ValidUntil && equalPointers(f.LongTerm, other.LongTerm)
	case AspectReplacement:
		return f.CardNumber == other.CardNumber && equalPointers(f.Replacements, other.Replacements) && f.IssuedOn == other.IssuedOn
	case AspectPoints:
		return equalPointers(f.Points, other.Points)
	case AspectCycle:
		return f.CycleEnd == other.CycleEnd
	}
	return true
}

func equalPointers[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// take copies the aspect from other.
func (f *Facts) take(other *Facts, a Aspect) {
	switch a {
	case AspectStatus:
		f.Status = other.Status
	case AspectClasses:
		f.Classes = other.Classes
	case AspectValidity:
		f.ValidUntil, f.LongTerm = other.ValidUntil, other.LongTerm
	case AspectReplacement:
		f.CardNumber, f.Replacements, f.IssuedOn = other.CardNumber, other.Replacements, other.IssuedOn
	case AspectPoints:
		f.Points = other.Points
	case AspectCycle:
		f.CycleEnd = other.CycleEnd
	}
}

// Equal reports whether two sets hold the same letters, in whatever order.
func (s StatusSet) Equal(other StatusSet) bool {
	return len(s.Minus(other)) == 0 && len(other.Minus(s)) == 0
}

// Minus gives the letters of s that other lacks, in s's order.
func (s StatusSet) Minus(other StatusSet) StatusSet {
	var left []rune
	for _, letter := range s.Letters() {
		if !other.Has(letter) {
			left = append(left, rune(letter))
		}
	}
	return StatusSet(left)
}

// FactsOf gives what a licence record says of the aspects that are synchronised.
func FactsOf(l *Licence) Facts {
	f := Facts{
		Status: l.Status, Classes: l.Classes, ValidUntil: l.ValidUntil, CardNumber: l.CardNumber, Replacements: l.Replacements,
		IssuedOn: l.IssuedOn, Points: l.Points, CycleEnd: l.CycleEnd,
	}
	if l.LongTerm || !l.ValidUntil.IsZero() {
		f.LongTerm = &l.LongTerm
	}
	return f
}
