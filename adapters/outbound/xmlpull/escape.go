package xmlpull

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// characters reads what stands between tags, where the end of a CDATA section is refused (XML 1.0 §2.4).
func characters(raw string) (string, error) {
	if strings.Contains(raw, "]]>") {
		return "", ErrXML
	}
	return unescaped(raw)
}

// unescaped puts characters in place of references, and one line feed in place of each line end.
func unescaped(raw string) (string, error) {
	before, rest, found := strings.Cut(raw, "&")
	if !found {
		return lineEnds(raw), nil
	}
	var text strings.Builder
	text.Grow(len(raw))
	for found {
		text.WriteString(lineEnds(before))
		reference, after, ended := strings.Cut(rest, ";")
		character, known := referred(reference)
		if !ended || !known {
			return "", ErrXML
		}
		text.WriteRune(character)
		before, rest, found = strings.Cut(after, "&")
	}
	text.WriteString(lineEnds(before))
	return text.String(), nil
}

// lineEnds turns CR LF and CR into LF (XML 1.0 §2.11).
func lineEnds(raw string) string {
	if strings.IndexByte(raw, '\r') < 0 {
		return raw
	}
	return strings.ReplaceAll(strings.ReplaceAll(raw, "\r\n", "\n"), "\r", "\n")
}

// referred gives the character of a reference: one of the five entities that every document has, or a number (XML 1.0 §4.1).
func referred(reference string) (rune, bool) {
	switch reference {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "apos":
		return '\'', true
	case "quot":
		return '"', true
	}
	digits, numeric := strings.CutPrefix(reference, "#")
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	number, err := strconv.ParseUint(digits, base, 32)
	if !numeric || err != nil || number > utf8.MaxRune {
		return 0, false
	}
	return rune(number), inRange(rune(number))
}

// inRange is XML 1.0 §2.2.
func inRange(c rune) bool {
	return c == '\t' || c == '\n' || c == '\r' || c >= ' ' && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000
}
