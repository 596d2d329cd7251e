package exchange

// Facts is what one party says of a licence at one moment, as far as it says anything: a nil or zero member is silence, never
// a value. It holds what platforms are told about, no more.
type Facts struct {
	Status       StatusSet `json:"status,omitempty"`       // zt, the whole set; a licence always has a status
	Classes      []Class   `json:"classes,omitempty"`      // zjcx
	ValidUntil   Date      `json:"validUntil,omitzero"`    // yxqz
	LongTerm     *bool     `json:"longTerm,omitempty"`     // 长期
	CardNumber   string    `json:"cardNumber,omitempty"`   // zxbh
	Replacements *int      `json:"replacements,omitempty"` // bzcs
	IssuedOn     Date      `json:"issuedOn,omitzero"`      // fzrq
	Points       *int      `json:"points,omitempty"`       // ljjf
	CycleEnd     Date      `json:"cycleEnd,omitzero"`      // qfrq
}

// FactsOf gives what a licence record says of the aspects that are synchronised.
func FactsOf(l *Licence) Facts {
	f := Facts{
		Status: l.Status, Classes: l.Classes, ValidUntil: l.ValidUntil, CardNumber: l.CardNumber, Replacements: l.Replacements,
		IssuedOn: l.IssuedOn, Points: l.Points, CycleEnd: l.CycleEnd,
	}
	if longTerm := l.LongTerm; longTerm || !l.ValidUntil.IsZero() {
		f.LongTerm = &longTerm // a copy: the record goes its own way
	}
	return f
}
