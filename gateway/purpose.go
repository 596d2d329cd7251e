package gateway

import (
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/exchange/personal"
	"github.com/zhengqiao/zhengqiao/gateway/api"
)

func (r *queryReader) purpose(given api.Purpose) {
	r.query.Purpose = exchange.Purpose{
		Code:       r.free("/purpose/code", given.Code),
		Matter:     r.free("/purpose/matter", given.Matter),
		MatterName: r.label("/purpose/matterName", given.MatterName),
		Case:       r.label("/purpose/case", given.Case),
		Operator:   r.label("/purpose/operator", given.Operator),
		Unit:       r.free("/purpose/unit", given.Unit),
		UnitName:   r.label("/purpose/unitName", given.UnitName),
		LegalBasis: r.free("/purpose/legalBasis", given.LegalBasis),
	}
}

// label is free for a text that is not a code, which a schema can't keep from being blank.
func (r *queryReader) label(pointer, text string) string {
	r.filled(pointer, text)
	return r.free(pointer, text)
}

// filled refuses a text of which nobody would see anything.
func (r *queryReader) filled(pointer, text string) {
	if personal.Blank(text) {
		r.note(pointer, faultMissing)
	}
}

// free holds a member to being free of personal numbers. Purposes are kept in the clear in the record and passed on to the
// sources, so an operator must be named by account and a case by its own number. A text that isn't free doesn't enter the
// query: the refusal is recorded too, and the body that is sealed with the record still proves what was sent.
func (r *queryReader) free(pointer, text string) string {
	if !personal.Holds(text, r.query.Received) {
		return text
	}
	r.note(pointer, faultPersonalNumber)
	return ""
}
