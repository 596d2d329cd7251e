package gateway

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/zhengqiao/zhengqiao/exchange"
)

const (
	// maxDepth of nesting; the contract needs four.
	maxDepth = 32
	// maxValues in one body; the largest request of the contract has some 120. It bounds the work of validation, which
	// finds all errors and not just the first.
	maxValues = 1024
)

// parseJSON reads a body as RFC 8259 with the restrictions of RFC 7493 (I-JSON): UTF-8, no name twice, one value and nothing
// behind it; and within the bounds above. Objects are map[string]any, numbers float64. The error repeats nothing of the body.
func parseJSON(body []byte) (any, error) {
	p := parser{decoder: jsontext.NewDecoder(bytes.NewReader(body)), left: maxValues}
	value, err := p.value(maxDepth)
	if err != nil {
		return nil, p.malformed(err)
	}
	if _, err := p.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, p.malformed(err)
	}
	return value, nil
}

var (
	errTooDeep = errors.New("nested too deeply")
	errTooMany = errors.New("too many values")
)

type parser struct {
	decoder *jsontext.Decoder
	left    int
}

// malformed keeps the offset and leaves out the parser's text, which may quote the body.
func (p *parser) malformed(err error) error {
	if errors.Is(err, errTooDeep) || errors.Is(err, errTooMany) {
		return &exchange.Error{Code: exchange.MalformedJSON, Err: err}
	}
	return exchange.Errorf(exchange.MalformedJSON, "not acceptable at byte %d", p.decoder.InputOffset())
}

func (p *parser) value(depth int) (any, error) {
	if p.left--; p.left < 0 {
		return nil, errTooMany
	}
	token, err := p.decoder.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case '{', '[':
		if depth == 0 {
			return nil, errTooDeep
		}
		if token.Kind() == '{' {
			return p.object(depth - 1)
		}
		return p.array(depth - 1)
	}
	return scalar(token)
}

func scalar(token jsontext.Token) (any, error) {
	switch token.Kind() {
	case '"':
		return token.String(), nil
	case '0':
		return token.Float()
	case 't', 'f':
		return token.Bool(), nil
	}
	return nil, nil
}

func (p *parser) object(depth int) (any, error) {
	object := map[string]any{}
	for p.decoder.PeekKind() != '}' {
		name, err := p.decoder.ReadToken()
		if err != nil {
			return nil, err
		}
		key := name.String()
		if object[key], err = p.value(depth); err != nil {
			return nil, err
		}
	}
	_, err := p.decoder.ReadToken()
	return object, err
}

func (p *parser) array(depth int) (any, error) {
	array := []any{}
	for p.decoder.PeekKind() != ']' {
		item, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		array = append(array, item)
	}
	_, err := p.decoder.ReadToken()
	return array, err
}
