package row

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/exchange/personal"
)

// The bounds of what a row may say are those of the contract's reports (specs/openapi.yaml, ChangeReport and Facts): what a platform
// pushes in its own format is stored, passed on and shown like a report of the contract.
const (
	largestNumber  = 1<<53 - 1 // the largest that every JSON reader keeps (RFC 8259 §6)
	largestCount   = 999
	nameCharacters = 64
	cardCharacters = 32
	fileDigits     = 12
	firstYear      = 1900 // in UTC, as the last one
	lastYear       = 9998
)

var (
	errLetters  = errors.New("not letters from A to Z, each once")
	errRepeated = errors.New("a class is given twice")
	errCard     = errors.New("not 1 to 32 letters and digits")
	errFile     = errors.New("not 12 digits")
	errName     = errors.New("not a name of at most 64 characters")
	errPersonal = errors.New("an ID number may not stand there")
	errYear     = errors.New("not a time since 1900")
)

// status reads the letters of zt, which may be small; blanks and commas between them don't count. A set that is shorter than what was
// written had a letter twice, or one of another alphabet whose capital is in ours, such as ſ.
func (r *reader) status() exchange.StatusSet {
	written := r.text("zt")
	set := exchange.ParseStatus(written)
	separators := strings.Count(written, " ") + strings.Count(written, ",")
	if strings.ContainsFunc(string(set), notCapital) || len(written)-separators != len(set) {
		r.fail("zt", errLetters)
	}
	return set
}

// distinctClasses reads zjcx whole; that no class comes twice bounds its length too.
func (r *reader) distinctClasses() []exchange.Class {
	classes, err := exchange.ParseClasses(strings.ToUpper(r.text("zjcx")))
	if err != nil {
		r.fail("zjcx", errClasses)
	}
	distinct := slices.Clone(classes)
	slices.Sort(distinct)
	if len(slices.Compact(distinct)) != len(classes) {
		r.fail("zjcx", errRepeated)
	}
	return classes
}

func (r *reader) smallCount(column string) *int {
	count := r.count(column)
	if count != nil && *count > largestCount {
		r.fail(column, errCount)
	}
	return count
}

func (r *reader) cardNumber(now time.Time) string {
	number := r.text("zxbh")
	switch {
	case len(number) > cardCharacters || strings.ContainsFunc(number, notAlphanumeric):
		r.fail("zxbh", errCard)
	case personal.Holds(number, now):
		r.fail("zxbh", errPersonal)
	}
	return number
}

func (r *reader) fileNumber() string {
	number := r.text("dabh")
	if number != "" && (len(number) != fileDigits || strings.ContainsFunc(number, notDigit)) {
		r.fail("dabh", errFile)
	}
	return number
}

// name reads xm, where there is one. A character that was lost in decoding is in no register.
func (r *reader) name(now time.Time) string {
	name := r.text("xm")
	switch {
	case utf8.RuneCountInString(name) > nameCharacters || strings.ContainsFunc(name, notOfName):
		r.fail("xm", errName)
	case personal.Holds(name, now):
		r.fail("xm", errPersonal)
	}
	return name
}

func (r *reader) happened() time.Time {
	r.required("gxsj")
	moment := r.moment("gxsj")
	if year := moment.UTC().Year(); year < firstYear || year > lastYear {
		r.fail("gxsj", errYear)
	}
	return moment
}

func notDigit(r rune) bool { return r < '0' || r > '9' }

func notCapital(r rune) bool { return r < 'A' || r > 'Z' }

func notAlphanumeric(r rune) bool { return notDigit(r) && notCapital(r) && (r < 'a' || r > 'z') }

func notOfName(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }
