package tmri

import (
	"encoding/xml"
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
	errCode     = errors.New("the document has no code")
	errEncoded  = errors.New("the returned text is not URL-encoded")
	errNested   = errors.New("a column holds elements")
	errRepeated = errors.New("a column is given twice")
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
	return readDocument([]byte(document), maxRows)
}

func invalid(cause error) error { return exchange.Errorf(exchange.SourceInvalid, "%w", cause) }

type wireDocument struct {
	XMLName xml.Name `xml:"root"`
	Head    struct {
		Code   *string `xml:"code"`
		RowNum string  `xml:"rownum"`
	} `xml:"head"`
	Body struct {
		Rows []wireRow `xml:",any"`
	} `xml:"body"`
}

// readDocument reads head and rows; a failure has none.
func readDocument(document []byte, maxRows int) (answer, error) {
	var wire wireDocument
	if err := soap.Decode(document, &wire); err != nil {
		return answer{}, err
	}
	if wire.Head.Code == nil {
		return answer{}, invalid(errCode)
	}
	read := answer{code: strings.TrimSpace(*wire.Head.Code)}
	if read.code != codeSuccess {
		return read, nil
	}
	rows, err := wire.rows(maxRows)
	if err != nil {
		return answer{}, invalid(err)
	}
	read.rows = rows
	return read, nil
}

// rows compares with rownum: fewer rows than announced would pass for the whole truth.
func (w wireDocument) rows(maxRows int) ([]columns, error) {
	announced, err := strconv.Atoi(strings.TrimSpace(w.Head.RowNum))
	if err != nil || announced != len(w.Body.Rows) {
		return nil, errRows
	}
	if announced > maxRows {
		return nil, errTooMany
	}
	rows := make([]columns, 0, announced)
	for _, element := range w.Body.Rows {
		row, err := element.row()
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}
