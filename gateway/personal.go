package gateway

import (
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// idCharacters is the length of an ID number (GB 11643).
const idCharacters = 18

// findIDNumber gives the place of the first ID number in a text, -1 if there is none. It looks at every window of the length.
// A matter's code has 31 digits; that one of its windows has a province, a birth date and the right check character by
// accident has a chance below one in a thousand.
func findIDNumber(text string, now time.Time) int {
	for i := 0; i+idCharacters <= len(text); i++ {
		if _, err := exchange.ParseIDNumber(text[i:i+idCharacters], now); err == nil {
			return i
		}
	}
	return -1
}

func holdsIDNumber(text string, now time.Time) bool { return findIDNumber(text, now) >= 0 }

// withoutIDNumbers is the last net before the log. Errors may not hold personal numbers, but some are made by libraries and
// platforms that don't know that.
func withoutIDNumbers(text string, now time.Time) string {
	var clean strings.Builder
	for at := findIDNumber(text, now); at >= 0; at = findIDNumber(text, now) {
		clean.WriteString(text[:at])
		clean.WriteString(exchange.MaskStrong.Apply(text[at : at+idCharacters]))
		text = text[at+idCharacters:]
	}
	return clean.String() + text
}
