package gateway

import (
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/zhengqiao/zhengqiao/exchange"
)

const (
	// maxDepth of nesting; the contract needs five.
	maxDepth = 32
	// maxValues in one body; the largest request of the contract has 202, as a test keeps counting. It bounds the work of
	// validation, which finds all errors and not just the first.
	maxValues = 256
)

var (
	errTooDeep = errors.New("nested too deeply")
	errTooMany = errors.New("too many values")
)

// parseJSON reads a body as RFC 8259 with the restrictions of RFC 7493 (I-JSON): UTF-8, no name twice, one value and nothing
// behind it; and within the bounds above. Objects are map[string]any, numbers float64. The error repeats nothing of the body.
func parseJSON(body []byte) (any, error) {
	if err := withinBounds(body); err != nil {
		return nil, &exchange.Error{Code: exchange.MalformedJSON, Err: err}
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return nil, malformed(err)
	}
	return value, nil
}

// malformed keeps the offset and leaves out the parser's text, which may quote the body.
func malformed(err error) error {
	if place, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return exchange.Errorf(exchange.MalformedJSON, "not acceptable at byte %d", place.ByteOffset)
	}
	return exchange.Errorf(exchange.MalformedJSON, "a number that cannot be held")
}

// withinBounds counts before anything is built. It knows only strings and brackets: on a text that is no JSON it may count
// wrongly, but never less than what a parser reads up to the first error.
func withinBounds(body []byte) error {
	var b bounds
	for _, c := range body {
		if err := b.take(c); err != nil {
			return err
		}
	}
	return nil
}

type bounds struct {
	depth, values   int
	quoted, escaped bool
}

func (b *bounds) take(c byte) error {
	if b.quoted {
		b.quoted = c != '"' || b.escaped
		b.escaped = c == '\\' && !b.escaped
		return nil
	}
	switch c {
	case '"':
		b.quoted = true
	case ',':
		b.values++
	case '{', '[':
		b.values++
		b.depth++
	case '}', ']':
		b.depth--
	}
	return b.check()
}

func (b *bounds) check() error {
	switch {
	case b.depth > maxDepth:
		return errTooDeep
	case b.values > maxValues:
		return errTooMany
	}
	return nil
}
