package exchange

import (
	"cmp"
	"slices"
)

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
		return sameClasses(f.Classes, other.Classes)
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

// sameClasses compares as sets: sources write zjcx in different orders.
func sameClasses(a, b []Class) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func equalPointers[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// contradicts reports whether the two say different things of the aspect. Silence contradicts nothing.
func (f *Facts) contradicts(other *Facts, a Aspect) bool {
	switch a {
	case AspectValidity:
		return f.outlasts(other) || other.outlasts(f) || differ(f.ValidUntil, other.ValidUntil) || differPointers(f.LongTerm, other.LongTerm)
	case AspectReplacement:
		return differ(f.CardNumber, other.CardNumber) || differPointers(f.Replacements, other.Replacements) || differ(f.IssuedOn, other.IssuedOn)
	}
	return f.Says(a) && other.Says(a) && !f.Agrees(other, a)
}

// outlasts reports whether f says 长期 where other knows of a last day only.
func (f *Facts) outlasts(other *Facts) bool {
	return f.LongTerm != nil && *f.LongTerm && other.LongTerm == nil && !other.ValidUntil.IsZero()
}

func differ[T comparable](a, b T) bool {
	var silent T
	return a != silent && b != silent && a != b
}

func differPointers[T comparable](a, b *T) bool { return a != nil && b != nil && *a != *b }

// fill adds what other says of the aspect and f is silent on, unless they contradict each other: a source that shows bzcs but no
// zxbh must not make a card number unknown that another source gave for the same bzcs.
func (f *Facts) fill(other *Facts, a Aspect) {
	if f.contradicts(other, a) {
		return
	}
	switch a {
	case AspectValidity:
		f.ValidUntil, f.LongTerm = cmp.Or(f.ValidUntil, other.ValidUntil), cmp.Or(f.LongTerm, other.LongTerm)
	case AspectReplacement:
		f.CardNumber, f.Replacements = cmp.Or(f.CardNumber, other.CardNumber), cmp.Or(f.Replacements, other.Replacements)
		f.IssuedOn = cmp.Or(f.IssuedOn, other.IssuedOn)
	}
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
