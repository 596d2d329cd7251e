package gateway

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/api"
)

// behalf reads who asks in the subject's place, and by what right. Whether that is enough, policy says.
func (r *queryReader) behalf(given *api.Behalf) {
	if given == nil {
		return
	}
	number, err := exchange.ParseIDNumber(given.Agent.IdNumber, r.query.Received)
	if err != nil {
		r.note("/behalf/agent/idNumber", idFault(err))
	}
	r.personName("/behalf/agent/name", given.Agent.Name)
	r.query.Behalf = &exchange.Behalf{
		Relation: exchange.Relation(given.Relation),
		Agent:    exchange.Agent{Name: given.Agent.Name, IDNumber: number},
		Grant: exchange.Grant{
			ID:    r.free("/behalf/grant/id", given.Grant.Id),
			From:  r.point("/behalf/grant/from", given.Grant.From),
			Until: r.point("/behalf/grant/until", given.Grant.Until),
			Scope: r.scope(given.Grant.Scope),
		},
	}
}

// personName holds a name to what a register may have.
func (r *queryReader) personName(pointer, given string) {
	r.filled(pointer, given)
	if strings.ContainsRune(given, utf8.RuneError) {
		r.note(pointer, faultForm) // a character that was lost in decoding somewhere; no register has it
	}
}

// point reads a moment that may be to come.
func (r *queryReader) point(pointer string, given *api.Moment) time.Time {
	if given == nil {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, *given)
	if err != nil || !storable(at) {
		r.note(pointer, faultDate)
		return time.Time{}
	}
	return at.UTC()
}

func (r *queryReader) scope(given *api.GrantScope) *exchange.Scope {
	if given == nil {
		return nil
	}
	const place = "/behalf/grant/scope/"
	scope := &exchange.Scope{}
	for i, purpose := range given.Purposes {
		scope.Purposes = append(scope.Purposes, r.free(place+"purposes/"+strconv.Itoa(i), purpose))
	}
	for _, operation := range given.Operations {
		scope.Operations = append(scope.Operations, exchange.Operation(operation))
	}
	for i, field := range given.Fields {
		scope.Fields = append(scope.Fields, exchange.Field(r.free(place+"fields/"+strconv.Itoa(i), field)))
	}
	return scope
}
