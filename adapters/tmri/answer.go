package tmri

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/zhengqiao/zhengqiao/adapters/outbound/soap"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// answer is the document inside the answer's envelope.
type answer struct {
	code string
	rows []columns
}

// codeSuccess is the one code that published clients agree on; every other is a failure.
const codeSuccess = "1"

// Errors of reading. None quotes the answer.
var (
	errRoot     = errors.New("the document is none of the platform's")
	errHead     = errors.New("the document's head says something twice, or in elements")
	errCode     = errors.New("the document has no code")
	errEncoded  = errors.New("the returned text is not URL-encoded")
	errNested   = errors.New("a column holds elements")
	errRepeated = errors.New("a column is given twice")
	errColumns  = errors.New("a row has more columns than any table")
	errRows     = errors.New("the number of rows is not the announced one")
	errTooMany  = errors.New("more rows than allowed")
)

// readAnswer takes an answer apart: envelope, URL encoding, document. Every error is SourceInvalid, except for a SOAP fault,
// which is SourceDown.
func readAnswer(body []byte, maxRows int) (answer, error) {
	text, err := soap.Returned(body)
	if err != nil {
		return answer{}, err
	}
	document, err := url.QueryUnescape(strings.TrimSpace(text))
	if err != nil {
		return answer{}, invalid(errEncoded)
	}
	read, err := readDocument(document, maxRows)
	if err != nil {
		return answer{}, invalid(err)
	}
	return read.answer()
}

func invalid(cause error) error { return exchange.Errorf(exchange.SourceInvalid, "%w", cause) }

// answer judges what was read; a failure has no rows, whatever its document holds.
func (d *wireDocument) answer() (answer, error) {
	if !d.code.given {
		return answer{}, invalid(errCode)
	}
	code := strings.TrimSpace(d.code.text)
	if code != codeSuccess {
		return answer{code: code}, nil
	}
	if err := d.checkRows(); err != nil {
		return answer{}, invalid(err)
	}
	return answer{code: code, rows: d.rows}, nil
}

// checkRows compares with rownum: fewer rows than announced would pass for the whole truth.
func (d *wireDocument) checkRows() error {
	announced, err := strconv.Atoi(strings.TrimSpace(d.announced.text))
	switch {
	case err != nil || announced != d.count:
		return errRows
	case d.count > d.maxRows:
		return errTooMany
	}
	return d.fault
}
