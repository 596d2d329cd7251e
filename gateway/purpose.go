package gateway

import (
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
