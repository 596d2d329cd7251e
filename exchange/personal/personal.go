// Package personal finds ID numbers in free text, however they are disguised, and masks them. It knows how a number is written
// (GB 11643) and where people hide one; what becomes of a text that holds one is its caller's to say.
package personal

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// The lengths of an ID number: GB 11643-1999, and the form that was given out before, which is the same without century and
// check character.
const (
	idCharacters     = 18
	formerCharacters = 15
)

// formerOldest is the greatest age, in years, at which somebody is thought to have a number of the former form. It keeps case
// numbers made of a division, today's date and a serial number apart: their year is read as one a hundred years ago.
const formerOldest = 95

// Holds reports whether there is an ID number in a text, however its digits are written (full width, Arabic) and
// whatever stands between them. It stops at letters between the digits and at numerals that are words.
//
// Of the 18 characters every window is looked at: a matter's code has 31 digits, and that one of its windows has a province, a
// birth date and the right check character by accident has a chance below one in a thousand. The former form has no check
// character, so it must not be part of a longer run of digits.
func Holds(text string, now time.Time) bool {
	if len(text) < formerCharacters || tooFewDigits(text) {
		return false
	}
	f := fold(text)
	for i := range f.characters {
		if f.numberAt(i, now) > 0 {
			return true
		}
	}
	return false
}

// tooFewDigits spares most texts the fold. It answers for ASCII alone; other characters may stand for several digits.
func tooFewDigits(text string) bool {
	digits := 0
	for i := range len(text) {
		switch {
		case text[i] >= utf8.RuneSelf:
			return false
		case digit(text[i]):
			digits++
		}
	}
	return digits < formerCharacters
}

// Mask masks what [Holds] finds. It is the last net before the log: errors may not hold personal numbers, but
// some are made by libraries and platforms that don't know that.
func Mask(text string, now time.Time) string {
	var clean strings.Builder
	f, done := fold(text), 0 // done: bytes of the text
	for i := 0; i < len(f.characters); i++ {
		length := f.numberAt(i, now)
		if length == 0 {
			continue
		}
		start := max(f.places[i].start, done) // a character such as ⑪ may end one number and begin another
		clean.WriteString(text[done:start])
		i += length - 1
		done = f.places[i].end
		clean.WriteString(exchange.MaskStrong.Apply(text[start:done]))
	}
	clean.WriteString(text[done:])
	return clean.String()
}

// numberAt gives the length of the ID number that begins at a character, 0 if none does.
func (f *folded) numberAt(i int, now time.Time) int {
	digits := f.digitsFrom(i)
	if digits < formerCharacters {
		return 0
	}
	if digits >= idCharacters-1 && i+idCharacters <= len(f.characters) {
		if _, err := exchange.ParseIDNumber(string(f.characters[i:i+idCharacters]), now); err == nil {
			return idCharacters
		}
	}
	if f.edge(i) && f.edge(i+formerCharacters) && formerNumber(string(f.characters[i:i+formerCharacters]), now) {
		return formerCharacters
	}
	return 0
}

// digitsFrom counts the digits at a character, up to the most that are of interest.
func (f *folded) digitsFrom(i int) int {
	count := 0
	for count < idCharacters && i+count < len(f.characters) && digit(f.characters[i+count]) {
		count++
	}
	return count
}

// edge reports whether a run of digits may begin or end before a character: at the text's own ends, beside a letter, and where
// something stood between the digits.
func (f *folded) edge(i int) bool {
	return i == 0 || i == len(f.characters) || f.places[i].apart || !digit(f.characters[i]) || !digit(f.characters[i-1])
}

func digit(character byte) bool { return character >= '0' && character <= '9' }

// formerNumber reports whether 15 digits are a province, two times two digits of division, a birth date in the twentieth
// century of somebody who may be alive, and a serial number.
func formerNumber(digits string, now time.Time) bool {
	if !exchange.Region(digits[:2] + "0000").Provincial() {
		return false
	}
	born, err := exchange.ParseDate("19" + digits[6:12])
	age := born.FullYears(exchange.Today(now))
	return err == nil && age >= 0 && age <= formerOldest
}
