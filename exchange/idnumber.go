package exchange

import (
	"errors"
	"log/slog"
	"strings"
	"time"
	"unique"
)

// IDNumber is a citizen's identity number (公民身份号码, GB 11643-1999): six digits of administrative division, eight of birth
// date, three of sequence (odd: male) and a check character. It prints and logs masked, so that a careless %v leaks
// nothing; only [IDNumber.Reveal] gives the clear value. Two of the same number are ==. The zero value is no number.
type IDNumber struct {
	// A handle, not the text: fmt calls no method of an unexported member and none for an unfit verb such as %d, but walks
	// in by reflection, where it now finds an address.
	clear unique.Handle[string]
}

// Why an ID number is not one. None of the texts repeats it.
var (
	ErrIDLength   = errors.New("an ID number has 17 digits and a digit or X")
	ErrIDDivision = errors.New("the ID number's first two digits are no provincial division")
	ErrIDDate     = errors.New("the ID number's birth date does not exist or lies in the future")
	ErrIDCheck    = errors.New("the ID number's check character is wrong")
)

const idLength = 18

// oldestBirth bounds the birth date from below: nobody born earlier was alive when the numbers were given out.
const oldestBirth = 1870

// ParseIDNumber reads an 18-character ID number; a small x is taken for X. The birth date must be a real one, from 1870 to
// the day in China at now. The error is one of the four above.
func ParseIDNumber(s string, now time.Time) (IDNumber, error) {
	s = strings.ToUpper(s)
	if !wellFormedID(s) {
		return IDNumber{}, ErrIDLength
	}
	if !idProvince(s).Provincial() {
		return IDNumber{}, ErrIDDivision
	}
	born, err := ParseDate(s[6:14])
	if err != nil || Today(now).Before(born) || born.Year < oldestBirth {
		return IDNumber{}, ErrIDDate
	}
	if idCheckCharacter(s[:idLength-1]) != s[idLength-1] {
		return IDNumber{}, ErrIDCheck
	}
	return IDNumber{clear: unique.Make(s)}, nil
}

// idProvince gives the province that the first two digits stand for. The residence permit of Taiwan residents
// (港澳台居民居住证, 国办发〔2018〕81号) carries 83, which GB/T 2260 does not know: there Taiwan is 71.
func idProvince(s string) Region {
	if s[:2] == "83" {
		return "710000"
	}
	return Region(s[:2] + "0000")
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
func (n IDNumber) Reveal() string {
	if n.IsZero() {
		return ""
	}
	return n.clear.Value()
}

// IsZero reports whether there is no number.
func (n IDNumber) IsZero() bool { return n == IDNumber{} }

// String gives the number masked by the strong rule, first and last character only.
func (n IDNumber) String() string { return MaskStrong.Apply(n.Reveal()) }

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
	born, _ := ParseDate(n.Reveal()[6:14]) // ParseIDNumber made sure
	return born
}

// Province gives the province of the division where the number was given out, which is not where its holder lives.
func (n IDNumber) Province() Region {
	if n.IsZero() {
		return ""
	}
	return idProvince(n.Reveal())
}
