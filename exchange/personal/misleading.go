package personal

import "unicode"

// Misleading reports whether a character would make a reader of records see another text, or another line, than what was written.
func Misleading(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
}
