package exchange

import (
	"crypto/subtle"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SameName reports whether two spellings mean the same registered name: blanks and the many middle dots of minority names are
// not told apart, full-width letters equal narrow ones, and letters' case does not count. Everything else must agree. A name
// with a character lost in decoding (U+FFFD, or no UTF-8) is the same as no name: two losses could hide two names.
func SameName(a, b string) bool {
	if strings.ContainsRune(a, utf8.RuneError) || strings.ContainsRune(b, utf8.RuneError) {
		return false
	}
	return subtle.ConstantTimeCompare([]byte(foldName(a)), []byte(foldName(b))) == 1
}

func foldName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case strings.ContainsRune("·•‧∙⋅・･.．", r):
			return '·'
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		}
		return unicode.ToUpper(r)
	}, name)
}
