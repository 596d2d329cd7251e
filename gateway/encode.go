package gateway

import (
	"encoding/base64"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Encoder writes an answer as the contract's JSON, without its receipt, which can only be known once these bytes are recorded.
// It is the encoder to give to [exchange.Broker].
type Encoder struct{}

var _ exchange.Encoder = Encoder{}

// EncodeAnswer implements [exchange.Encoder]. It fails on text that is not UTF-8 and on a value that JSON can't hold.
func (Encoder) EncodeAnswer(query *exchange.Query, answer *exchange.Answer) ([]byte, error) {
	w := &writer{text: make([]byte, 0, encodedSize(answer))}
	w.raw("{")
	w.result(query.Operation, &answer.Result)
	if query.Operation == exchange.LicenceQuery {
		w.raw(`,"key":`)
		w.quote(answer.Key)
	}
	w.raw(`,"masked":`)
	w.names(answer.Result.Masked())
	w.raw(`,"withheld":`)
	list(w, answer.Withheld, w.withheld)
	w.raw(`,"provenance":`)
	w.provenance(&answer.Provenance)
	w.raw(`,"decision":{"id":`)
	w.quote(answer.Decision.ID)
	w.raw(`,"revision":`)
	w.quote(answer.Decision.Revision)
	w.raw("}}")
	return w.text, w.err
}

// encodedSize is a guess that spares most answers a second allocation, the receipt that is still to come included.
func encodedSize(answer *exchange.Answer) int {
	size := 768 + 40*len(answer.Result.Licence) + 512*(len(answer.Result.Processed)+len(answer.Result.Unprocessed)) + receiptSize
	for i := range answer.Withheld {
		one := &answer.Withheld[i]
		size += 64 + len(one.Field) + len(one.Code) + len(one.Rule) + len(one.Text.ZH) + len(one.Text.EN)
	}
	if answer.Result.Picture != nil {
		size += base64.StdEncoding.EncodedLen(len(answer.Result.Picture.Data))
	}
	return size
}

// writer appends JSON; the first error stays. Written by hand because the members' order is that of the field table and the
// set of them is known only at run time.
type writer struct {
	text []byte
	err  error
}

func (w *writer) raw(s string) { w.text = append(w.text, s...) }

func (w *writer) quote(s string) {
	if standsAsItIs(s) {
		w.text = append(w.text, '"')
		w.text = append(w.text, s...)
		w.text = append(w.text, '"')
		return
	}
	text, err := jsontext.AppendQuote(w.text, s)
	if w.text = text; err != nil && w.err == nil {
		w.err = err
	}
}

// standsAsItIs reports whether a text needs no escapes in JSON (RFC 8259 §7) and is UTF-8.
func standsAsItIs(s string) bool {
	var all byte
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == '"' || c == '\\' {
			return false
		}
		all |= c
	}
	return all < utf8.RuneSelf || utf8.ValidString(s)
}

func (w *writer) result(op exchange.Operation, result *exchange.Result) {
	switch op {
	case exchange.ViolationsQuery:
		w.raw(`"processed":`)
		w.records(result.Processed)
		if result.Unprocessed != nil { // nil: no vehicle was named, so nobody was asked
			w.raw(`,"unprocessed":`)
			w.records(result.Unprocessed)
		}
	case exchange.PictureQuery:
		w.raw(`"picture":`)
		w.picture(result.Picture)
	case exchange.StudyQuery:
		w.raw(`"study":`)
		w.marshal(result.Study)
	default:
		w.raw(`"licence":`)
		w.record(result.Licence)
	}
}

func (w *writer) records(all []exchange.Disclosed) {
	list(w, all, func(one *exchange.Disclosed) { w.record(*one) })
}

func (w *writer) record(record exchange.Disclosed) {
	w.raw("{")
	for i, field := range record {
		w.comma(i)
		w.quote(string(field.Name))
		w.raw(":")
		w.value(field.Value)
	}
	w.raw("}")
}

func (w *writer) comma(i int) {
	if i > 0 {
		w.raw(",")
	}
}

// value writes the kinds of the field table; the library does the rest.
func (w *writer) value(value any) {
	switch v := value.(type) {
	case string:
		w.quote(v)
	case exchange.Date:
		w.raw(`"`)
		w.text = v.Append(w.text)
		w.raw(`"`)
	case exchange.MayDrive:
		w.quote(string(v))
	case exchange.Validity:
		w.quote(string(v))
	case exchange.Payment:
		w.quote(string(v))
	case bool:
		w.text = strconv.AppendBool(w.text, v)
	case int:
		w.text = strconv.AppendInt(w.text, int64(v), 10)
	case []exchange.Class:
		list(w, v, func(class *exchange.Class) { w.quote(string(*class)) })
	case []exchange.StatusState:
		list(w, v, w.state)
	default:
		w.marshal(v)
	}
}

func (w *writer) marshal(value any) {
	text, err := json.Marshal(value)
	if err != nil && w.err == nil {
		w.err = err
	}
	w.text = append(w.text, text...)
}

func (w *writer) picture(picture *exchange.Picture) {
	w.raw(`{"violationId":`)
	w.quote(picture.Violation)
	w.raw(`,"mediaType":`)
	w.quote(picture.MediaType)
	w.raw(`,"data":"`)
	w.text = base64.StdEncoding.AppendEncode(w.text, picture.Data)
	w.raw(`"}`)
}

func (w *writer) names(fields []exchange.Field) {
	list(w, fields, func(field *exchange.Field) { w.quote(string(*field)) })
}
