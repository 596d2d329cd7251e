package row

import (
	"bytes"
	"errors"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Columns is a row as JSON carries it: an object of column names and texts. Names are folded to lower case, numbers keep
// their digits, and null is an absent column. It can be handed to [Licence] as it is.
type Columns map[string]string

// Column implements [Cells].
func (c Columns) Column(name string) string { return c[name] }

var (
	errNotRow   = errors.New("a row is a JSON object")
	errTwice    = errors.New("a column is given twice")
	errNotPlain = errors.New("a column is neither a text nor a number")
)

// FromJSON reads the row that an answer holds: null is NoRecord, an object its columns, anything else SourceInvalid. That there
// is no text at all is SourceInvalid too: a source says that there is no record, it doesn't leave it open.
func FromJSON(text []byte) (Columns, error) {
	if string(bytes.TrimSpace(text)) == "null" {
		return nil, exchange.Errorf(exchange.NoRecord, "the source answered null")
	}
	var columns Columns
	if err := columns.UnmarshalJSON(text); err != nil {
		return nil, exchange.Errorf(exchange.SourceInvalid, "%w", err)
	}
	return columns, nil
}

// UnmarshalJSON reads the row. A column given twice, also in two cases, is an error, and so is a boolean, list or object in a
// column that this package reads; elsewhere it is left out, for a source may add what it likes. The JSON library's own
// errors are not passed on: they may show a piece of the text.
func (c *Columns) UnmarshalJSON(text []byte) error {
	var members map[string]jsontext.Value
	if jsontext.Value(text).Kind() != '{' || json.Unmarshal(text, &members) != nil {
		return errNotRow
	}
	columns, seen := make(Columns, len(members)), make(map[string]bool, len(members))
	for name, value := range members {
		name = strings.ToLower(name)
		if seen[name] {
			return errTwice
		}
		seen[name] = true
		if err := columns.put(name, value); err != nil {
			return err
		}
	}
	*c = columns
	return nil
}

func (c Columns) put(name string, value jsontext.Value) error {
	switch value.Kind() {
	case jsontext.KindNull:
	case jsontext.KindNumber:
		c[name] = string(value)
	case jsontext.KindString:
		var text string
		if json.Unmarshal(value, &text) != nil {
			return errNotRow
		}
		c[name] = text
	default:
		if known(name) {
			return errNotPlain
		}
	}
	return nil
}

// known reports whether this package reads the column.
func known(name string) bool {
	switch name {
	case "sfzmhm", "sfzmmc", "xm", "xb", "csrq", "gj", "dabh", "zxbh", "zjcx", "yzjcx", "zt", "ljjf", "qfrq", "cfrq", "xxtzrq",
		"cclzrq", "ccfzjg", "fzrq", "fzjg", "jzqx", "yxqs", "yxqz", "syrq", "syyxqz", "bzcs", "sxbj", "lxzsxxdz", "lxdh", "sjhm",
		"gxsj", "cd_time":
		return true
	}
	return false
}
