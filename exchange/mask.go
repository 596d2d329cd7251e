package exchange

import "strings"

// Mask is a way of showing a text in part. The rules are those that Zhejiang's public client library documents (M1 in the
// register of assumptions); no national pattern is mandated.
type Mask string

// The masks. An unknown mask shows nothing.
const (
	MaskNone     Mask = "none"     // shown as it is
	MaskName     Mask = "name"     // 姓名: the first character hidden
	MaskStrong   Mask = "strong"   // 强脱敏 of an ID number: first and last character only
	MaskOrdinary Mask = "ordinary" // 一般脱敏 of an ID number: characters 1, 5-12 and 18
	MaskThirds   Mask = "thirds"   // other numbers: first and last third
	MaskMobile   Mask = "mobile"   // first three and last four digits
	MaskPlate    Mask = "plate"    // 号牌: province, letter and the last two characters
	MaskYear     Mask = "year"     // a date or moment: the year only
)

// Shorter than these, a text is another kind of number, such as a local landline, and too much of it would show.
const (
	mobileLength = 11 // without country code
	plateLength  = 7  // 沪A12345 (GA 36)
)

// Known reports whether the mask is one of the above.
func (m Mask) Known() bool {
	switch m {
	case MaskNone, MaskName, MaskStrong, MaskOrdinary, MaskThirds, MaskMobile, MaskPlate, MaskYear:
		return true
	}
	return false
}

// Apply masks the text, counting characters and not bytes. A text too short for its mask is hidden whole.
func (m Mask) Apply(s string) string {
	r := []rune(s)
	switch m {
	case MaskNone:
		return s
	case MaskName:
		return keep(r, func(i int) bool { return i > 0 })
	case MaskStrong:
		return keep(r, func(i int) bool { return len(r) > 2 && (i == 0 || i == len(r)-1) })
	case MaskOrdinary:
		return keep(r, func(i int) bool { return len(r) == idLength && (i == 0 || i >= 4 && i <= 11 || i == 17) })
	case MaskThirds:
		third := len(r) / 3
		return keep(r, func(i int) bool { return i < third || i >= len(r)-third })
	case MaskMobile:
		return keep(r, func(i int) bool { return len(r) >= mobileLength && (i < 3 || i >= len(r)-4) })
	case MaskPlate:
		return keep(r, func(i int) bool { return len(r) >= plateLength && (i < 2 || i >= len(r)-2) })
	case MaskYear:
		return keep(r, func(i int) bool { return len(r) >= 10 && r[4] == '-' && i < 4 })
	}
	return strings.Repeat("*", len(r))
}

func keep(r []rune, shown func(int) bool) string {
	masked := make([]rune, len(r))
	for i := range r {
		masked[i] = '*'
		if shown(i) {
			masked[i] = r[i]
		}
	}
	return string(masked)
}
