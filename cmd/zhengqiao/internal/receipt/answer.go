package receipt

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Receipt is the last member of an answer or a problem.
type Receipt struct {
	Log    string  `json:"log"`
	Index  *uint64 `json:"index"`
	Digest string  `json:"digest"` // SM3 of the stored record, hex
}

// Answer is what a platform kept: the body of an answer or a problem.
type Answer struct {
	Receipt Receipt
	Code    string // of a problem; empty: an answer
	ID      string // of the query, which the record has too
	Outcome string // of a report of a change; empty: not the answer to one
	Licence string // whose change it was, by its key

	unsigned []byte // the body without its receipt, as the record's answer digest covers it
}

// ErrNoReceipt says that the text is not an answer or a problem with a receipt.
var ErrNoReceipt = errors.New("this is no answer or problem with a receipt")

// Read takes the body apart. White space between the members does not matter: the gateway writes none, so it is taken out again,
// and what call has printed can be read. Nothing else may have been changed.
func Read(body []byte) (*Answer, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, body); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoReceipt, err)
	}
	var read struct {
		Receipt  Receipt `json:"receipt"`
		Code     string  `json:"code"`
		Decision struct {
			ID string `json:"id"`
		} `json:"decision"`
		Instance string `json:"instance"`
		Outcome  string `json:"outcome"`
		Licence  any    `json:"licence"` // the key of a report's answer, the licence itself in a query's
	}
	if err := json.Unmarshal(compact.Bytes(), &read); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoReceipt, err)
	}
	cut := bytes.LastIndex(compact.Bytes(), []byte(`,"receipt":{`))
	if cut < 0 || read.Receipt.Index == nil {
		return nil, ErrNoReceipt
	}
	a := &Answer{Receipt: read.Receipt, Code: read.Code, ID: read.Decision.ID, unsigned: append(compact.Bytes()[:cut:cut], '}')}
	if key, named := read.Licence.(string); named {
		a.Outcome, a.Licence = read.Outcome, key
	}
	if read.Code != "" {
		a.ID = strings.TrimPrefix(read.Instance, "urn:uuid:")
	}
	return a, nil
}
