package gateway

import (
	"bytes"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json/jsontext"
)

// fits reports whether a text is one JSON value that is known to fit. As in [parseJSON], the text is UTF-8 and no name stands in an
// object twice; the bounds there need no check, since the contract allows no value that is beyond them.
func (f *fit) fits(body []byte) bool {
	if f == nil {
		return false
	}
	decoder := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true)) // allMembers sees to these
	if !f.value(decoder) {
		return false
	}
	_, err := decoder.ReadToken()
	return err == io.EOF
}

func (f *fit) value(d *jsontext.Decoder) bool {
	switch kind := d.PeekKind(); {
	case f.kind == openapi3.TypeObject && kind == jsontext.KindBeginObject:
		return f.allMembers(d)
	case f.kind == openapi3.TypeArray && kind == jsontext.KindBeginArray:
		return f.allItems(d)
	case f.kind == openapi3.TypeString && kind == jsontext.KindString:
		text, ok := plainString(d)
		return ok && f.takes(text)
	case f.kind == openapi3.TypeInteger && kind == jsontext.KindNumber, f.kind == openapi3.TypeNumber && kind == jsontext.KindNumber:
		text, err := d.ReadValue()
		return err == nil && f.takesNumber(string(text))
	case f.kind == openapi3.TypeBoolean && (kind == jsontext.KindTrue || kind == jsontext.KindFalse):
		return d.SkipValue() == nil
	}
	return false
}

func (f *fit) allMembers(d *jsontext.Decoder) bool {
	if _, err := d.ReadToken(); err != nil {
		return false
	}
	seen, count := uint64(0), 0
	for ; d.PeekKind() != jsontext.KindEndObject; count++ {
		name, ok := plainString(d)
		if !ok {
			return false
		}
		one, known := f.members[string(name)]
		if !known || seen&one.bit != 0 || !one.fit.value(d) {
			return false
		}
		seen |= one.bit
	}
	_, err := d.ReadToken()
	return err == nil && seen&f.required == f.required && count >= f.least
}

func (f *fit) allItems(d *jsontext.Decoder) bool {
	if _, err := d.ReadToken(); err != nil {
		return false
	}
	var before []string
	count := 0
	for ; d.PeekKind() != jsontext.KindEndArray; count++ {
		if count == f.most {
			return false
		}
		if !f.distinct && f.item.value(d) {
			continue
		}
		if !f.distinct || d.PeekKind() != jsontext.KindString {
			return false
		}
		text, ok := plainString(d)
		if !ok || !f.item.takes(text) || contains(before, text) {
			return false
		}
		before = append(before, string(text))
	}
	_, err := d.ReadToken()
	return err == nil && count >= f.least
}

// plainString reads a string without escapes. It is valid until the next read.
func plainString(d *jsontext.Decoder) ([]byte, bool) {
	text, err := d.ReadValue()
	if err != nil || len(text) < 2 || text[0] != '"' || bytes.IndexByte(text, '\\') >= 0 {
		return nil, false
	}
	return text[1 : len(text)-1], true
}

func (f *fit) takes(text []byte) bool {
	length := utf8.RuneCount(text)
	return length >= f.least && length <= f.most && (f.words == nil || contains(f.words, text)) && (f.pattern == nil || f.pattern.matches(text))
}

func contains(list []string, text []byte) bool {
	for _, one := range list {
		if one == string(text) {
			return true
		}
	}
	return false
}

const (
	longestNumber = 24      // a float that was written out has fewer characters
	exactWhole    = 1 << 53 // the schema library reads floats, which are exact up to here
)

// takesNumber takes whole numbers for an integer only as they are usually written, not as 1e3.
func (f *fit) takesNumber(text string) bool {
	if len(text) > longestNumber {
		return false
	}
	if f.kind == openapi3.TypeInteger {
		if whole, err := strconv.ParseInt(text, 10, 64); err != nil || whole > exactWhole || whole < -exactWhole {
			return false
		}
	}
	number, err := strconv.ParseFloat(text, 64)
	return err == nil && number >= f.min && number <= f.max
}
