package frontdb

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Refusal is a row that was not taken and will not be, unless somebody mends it.
type Refusal struct {
	Licence string    // the licence's key; "" where the other side's row names none
	Version uint64    // 0 where the other side's row names none
	Batch   string    // cd_batch
	Remark  string    // why, at most 200 characters. The other side's words may hold personal data: to be shown, never logged
	Time    time.Time // when it was refused
}

// Err gives the refusal as a failure that no repetition mends, without the remark.
func (r Refusal) Err() error {
	return exchange.Errorf(exchange.SourceRefused, "the row of version %d was refused", r.Version)
}

const maxRemark = 200

// remark makes the other side's words fit to be passed on: numbers long enough to be somebody's are struck out, and so is what
// is no text.
func remark(text string) string {
	var kept strings.Builder
	for _, word := range splitDigits(printable(text, maxRemark)) {
		if len(word) >= minNumber && isDigit(rune(word[0])) {
			word = "*"
		}
		kept.WriteString(word)
	}
	return kept.String()
}

// minNumber is the length from which digits may be a person's number: a landline without its area code has 7.
const minNumber = 7

// splitDigits cuts a text where digits begin and end.
func splitDigits(text string) []string {
	var parts []string
	start, digits := 0, false
	for i, char := range text {
		if isDigit(char) != digits && i > start {
			parts = append(parts, text[start:i])
			start = i
		}
		digits = isDigit(char)
	}
	return append(parts, text[start:])
}

func isDigit(char rune) bool { return char >= '0' && char <= '9' }

// printable replaces what is no text and cuts the rest to length characters.
func printable(text string, length int) string {
	clean := strings.Map(func(char rune) rune {
		if char < ' ' || char == 0x7f {
			return utf8.RuneError
		}
		return char
	}, strings.ToValidUTF8(text, string(utf8.RuneError)))
	if runes := []rune(clean); len(runes) > length {
		return string(runes[:length])
	}
	return clean
}
