package exchange

import (
	"errors"
	"log/slog"
	"strings"
	"time"
)

// IDNumber is a citizen's identity number (公民身份号码, GB 11643-1999): six digits of administrative division, eight of birth
// date, three of sequence (odd: male) and a check character. It prints and logs masked, so that a careless %v leaks
// nothing; only [IDNumber.Reveal] gives the clear value. The zero value is no number.
type IDNumber struct{ clear string }

// Why an ID number is not one. None of the texts repeats it.
var (
	ErrIDLength   = errors.New("an ID number has 17 digits and a digit or X")
	ErrIDDivision = errors.New("the ID number's first two digits are no provincial division")
	ErrIDDate     = errors.New("the ID number's birth date does not exist or lies in the future")
	ErrIDCheck    = errors.New("the ID number's check character is wrong")
)

const idLength = 18

// ParseIDNumber reads an 18-character ID number; a small x is taken for X. now bounds the birth date.
func ParseIDNumber(s string, now time.Time) (IDNumber, error) {
	s = strings.ToUpper(s)
	if !wellFormedID(s) {
		return IDNumber{}, ErrIDLength
	}
	if !Region(s[:2] + "0000").Provincial() {
		return IDNumber{}, ErrIDDivision
	}
	born, err := time.Parse("20060102", s[6:14])
	if err != nil || born.After(now) || born.Year() < 1870 {
		return IDNumber{}, ErrIDDate
	}
	if idCheckCharacter(s[:idLength-1]) != s[idLength-1] {
		return IDNumber{}, ErrIDCheck
	}
	return IDNumber{clear: s}, nil
}

func wellFormedID(s string) bool {
	if len(s) != idLength {
		return false
	}
	for i := range idLength - 1 {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	last := s[idLength-1]
	return last == 'X' || last >= '0' && last <= '9'
}

// idCheckCharacter follows ISO 7064 MOD 11-2 as GB 11643 prints it: the weight of a digit is 2^(17-i) mod 11.
func idCheckCharacter(digits string) byte {
	sum := 0
	for _, digit := range []byte(digits) {
		sum = (sum + int(digit-'0')) * 2 % 11
	}
	return "10X98765432"[sum]
}

// Reveal gives the clear number. Whoever calls it must not let it reach a URL, a log, an error, a metric or a subject.
func (n IDNumber) Reveal() string { return n.clear }

// IsZero reports whether there is no number.
func (n IDNumber) IsZero() bool { return n.clear == "" }

// String gives the number masked by the strong rule, first and last character only.
func (n IDNumber) String() string { return MaskStrong.Apply(n.clear) }

// LogValue keeps the clear number out of structured logs.
func (n IDNumber) LogValue() slog.Value { return slog.StringValue(n.String()) }

// GoString keeps the clear number out of %#v.
func (n IDNumber) GoString() string { return "exchange.IDNumber(" + n.String() + ")" }

// MarshalText writes the masked number: an encoder that was handed a whole struct leaks nothing.
func (n IDNumber) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// BirthDate gives the date of birth that the number states.
func (n IDNumber) BirthDate() Date {
	if n.IsZero() {
		return Date{}
	}
	born, _ := ParseDate(n.clear[6:14])
	return born
}

// Province gives the province of the division where the number was given out, which is not where its holder lives.
func (n IDNumber) Province() Region {
	if n.IsZero() {
		return ""
	}
	return Region(n.clear[:2] + "0000")
}
