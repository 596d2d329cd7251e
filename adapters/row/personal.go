package row

import (
	"time"
	"unicode"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// The lengths of an ID number: GB 11643-1999, and the form that was given out before, without century and check character.
const (
	idCharacters     = 18
	formerCharacters = 15
)

// formerOldest is the greatest age, in years, at which somebody is thought to have a number of the former form.
const formerOldest = 95

// numeralsOfName is how many numerals a name may have. No name has as many; the shortest ID number has 15 digits, and there are
// characters, such as ⑪, that write two.
const numeralsOfName = 7

// manyNumerals finds an ID number in a name however it is written, of whatever script and with whatever between.
func manyNumerals(name string) bool {
	count := 0
	for _, r := range name {
		if unicode.IsNumber(r) {
			count++
		}
	}
	return count > numeralsOfName
}

// holdsIDNumber reports whether there is an ID number in a text of ASCII letters and digits. The former form has no check character,
// so it must be a whole run of digits.
func holdsIDNumber(text string, now time.Time) bool {
	run := 0
	for end := 1; end <= len(text); end++ {
		if end >= idCharacters {
			if _, err := exchange.ParseIDNumber(text[end-idCharacters:end], now); err == nil {
				return true
			}
		}
		if run++; notDigit(rune(text[end-1])) {
			run = 0
		}
		last := end == len(text) || notDigit(rune(text[end]))
		if run == formerCharacters && last && formerNumber(text[end-formerCharacters:end], now) {
			return true
		}
	}
	return false
}

// formerNumber reports whether 15 digits are a division, a birth date of somebody who may be alive, and a serial number.
func formerNumber(digits string, now time.Time) bool {
	if !exchange.Region(digits[:2] + "0000").Provincial() {
		return false
	}
	born, err := exchange.ParseDate("19" + digits[6:12])
	age := born.FullYears(exchange.Today(now))
	return err == nil && age >= 0 && age <= formerOldest
}
