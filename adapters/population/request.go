package population

import (
	"bytes"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound/soap"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// asker is the requesting person as the register's audit trail will have it.
type asker struct{ idNumber, name string }

// selfService is the contract's operator of a citizen who acts alone.
const selfService = "self"

// asker tells who asks: the citizen, if alone, else the person who answers for the gateway's operators.
func (r *register) asker(request exchange.SourceRequest) (asker, error) {
	if request.Purpose.Operator == selfService {
		return asker{request.Subject.IDNumber.Reveal(), request.Subject.Name}, nil
	}
	if r.responsible.idNumber == "" {
		return asker{}, exchange.Errorf(exchange.SourceRefused, "the register wants a requesting person, and responsible is not configured")
	}
	return r.responsible, nil
}

// document writes the request (in0) for one person. number is returned by the register.
func (r *register) document(number string, who asker, request exchange.SourceRequest, now time.Time) string {
	var text bytes.Buffer
	text.WriteString(`<?xml version="1.0" encoding="UTF-8"?><PACKAGE><PACKAGEHEAD>`)
	for _, field := range r.head(number, who, request.Purpose, now) {
		soap.WriteElement(&text, field[0], field[1])
	}
	text.WriteString(`</PACKAGEHEAD><DATA><RECORD no="1">`)
	soap.WriteElement(&text, "GMSFHM", request.Subject.IDNumber.Reveal())
	soap.WriteElement(&text, "XM", request.Subject.Name)
	text.WriteString(`</RECORD></DATA></PACKAGE>`)
	return text.String()
}

const headTime = "20060102150405"

// head gives the fields of PACKAGEHEAD: the message, then who asks, then for what and through which system. The register
// refuses a head with an empty field.
func (r *register) head(number string, who asker, purpose exchange.Purpose, now time.Time) [][2]string {
	sender, system := r.config.Sender, r.config.System
	unit := Party{purpose.Unit, purpose.UnitName}.or(r.config.Unit)
	matter := Party{purpose.Matter, purpose.MatterName}.or(Party{purpose.Code, purpose.Code})
	return [][2]string{
		{"FWQQBH", number}, {"QQBWDM", sender.Code}, {"QQBWMC", sender.Name}, {"SJLYXTDM", system.Code},
		{"SJLYXTMC", system.Name}, {"JLS", "1"}, {"FSSJ", now.In(exchange.Shanghai()).Format(headTime)},
		{"QQRGMSFHM", who.idNumber}, {"QQRXM", who.name}, {"QQRDWDM", unit.Code}, {"QQRDWMC", unit.Name},
		{"QQYWLXDM", matter.Code}, {"QQYWLXMC", matter.Name},
		{"QQYWXTDM", system.Code}, {"QQYWXTMC", system.Name},
	}
}
