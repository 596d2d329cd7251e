package xmlpull

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// Errors of reading. None quotes the document.
var (
	ErrUTF8    = errors.New("the document is not UTF-8")
	ErrDoctype = errors.New("the document has a document type")
	ErrXML     = errors.New("the document is not well-formed XML")
	ErrBounds  = errors.New("the document is nested too deeply or has too many attributes")
	ErrAround  = errors.New("there is text before or behind the document")
)

// Bounds of a document. A SOAP answer is 4 elements deep and its envelope has 4 attributes.
const (
	maxDepth      = 64
	maxAttributes = 64
)

// byteOrderMark is what some servers put in front (Unicode §23.8).
const byteOrderMark = "\uFEFF"

// check refuses what may stand nowhere in a document, so that reading it need not look again: other encodings than UTF-8,
// characters that XML does not have (XML 1.0 §2.2), and a document type, even where it would be mere text: nothing here has one,
// and it is how entity bombs come in.
func check(document string) error {
	switch {
	case !utf8.ValidString(document):
		return ErrUTF8
	case strings.Contains(document, "<!DOCTYPE"):
		return ErrDoctype
	case hasControl(document), strings.Contains(document, "\uFFFE"), strings.Contains(document, "\uFFFF"):
		return ErrXML
	}
	return nil
}

// hasControl looks for control characters but for tab and line ends.
func hasControl(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' && !blank(c) {
			return true
		}
	}
	return false
}

func blank(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }
