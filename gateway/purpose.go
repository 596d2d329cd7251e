package gateway

import (
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/api"
)

func (r *queryReader) purpose(given api.Purpose) {
	r.query.Purpose = exchange.Purpose{
		Code: given.Code, Matter: given.Matter, MatterName: given.MatterName, Case: given.Case,
		Operator: given.Operator, Unit: given.Unit, UnitName: given.UnitName, LegalBasis: given.LegalBasis,
	}
	r.free("/purpose/code", given.Code)
	r.free("/purpose/matter", given.Matter)
	r.free("/purpose/matterName", given.MatterName)
	r.free("/purpose/case", given.Case)
	r.free("/purpose/operator", given.Operator)
	r.free("/purpose/unit", given.Unit)
	r.free("/purpose/unitName", given.UnitName)
	r.free("/purpose/legalBasis", given.LegalBasis)
}

// free holds a member to being free of personal numbers. Purposes are kept in the clear in the record and passed on to the
// sources, so an operator must be named by account and a case by its own number.
func (r *queryReader) free(pointer, text string) {
	if holdsIDNumber(text, r.query.Received) {
		r.note(pointer, faultPersonalNumber)
	}
}

// idCharacters is the length of an ID number (GB 11643).
const idCharacters = 18

// holdsIDNumber looks at every window of the length of an ID number. A matter's code has 31 digits; that one of its windows
// has a province, a birth date and the right check digit by accident has a chance below one in ten thousand.
func holdsIDNumber(text string, now time.Time) bool {
	for i := 0; i+idCharacters <= len(text); i++ {
		if _, err := exchange.ParseIDNumber(text[i:i+idCharacters], now); err == nil {
			return true
		}
	}
	return false
}
