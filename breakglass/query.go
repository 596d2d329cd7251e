package breakglass

import (
	"context"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Question is what an operator asks under an opening.
type Question struct {
	Operation exchange.Operation // LicenceQuery or ViolationsQuery
	Subject   exchange.Subject
	Vehicles  []exchange.Vehicle
}

// Query asks about the opening's person, by the way of every query: policy, source, record, with the purpose break-glass. The question
// counts before it is asked. Errors: NotFound for no opening of this id, PolicyRefused, those of [exchange.Broker]; each is on record,
// with the opening and the operator.
func (d *Desk) Query(ctx context.Context, order Order, id string, asked Question) (*exchange.Answer, Opening, error) {
	query := &exchange.Query{
		ID: order.ID, Operation: asked.Operation, Caller: order.Caller, Subject: asked.Subject, Vehicles: asked.Vehicles,
		Received: d.cfg.Clock(), Purpose: exchange.Purpose{Code: exchange.BreakGlassPurpose, Operator: order.Operator},
	}
	query.Caller.Platform = exchange.BreakGlassPlatform
	var opening Opening
	err := d.change(ctx, func(b *book, now time.Time) error {
		found, err := b.find(id)
		if err != nil {
			return err
		}
		under(query, found)
		if err := d.allow(ctx, order.Operator, found, query, now); err != nil {
			return err
		}
		found.Queries++
		opening = *found
		return nil
	})
	if err != nil {
		d.observe(Refused)
		return nil, Opening{}, d.cfg.Broker.Refuse(ctx, query, err)
	}
	answer, err := d.cfg.Broker.Query(ctx, query)
	if err != nil {
		d.observe(Failed)
		return nil, opening, err
	}
	d.observe(Answered)
	return answer, opening, nil
}

// under says under which opening a query is asked. The id is the book's and not what the operator wrote, which may be anything.
func under(q *exchange.Query, o *Opening) {
	q.Opening, q.Region = o.ID, o.Region
	q.Purpose.MatterName, q.Purpose.Case, q.Purpose.Unit, q.Purpose.LegalBasis = o.Reason, o.Reference, o.Unit, o.LegalBasis
}

// allow holds a question to the opening and to the policies in force now, and bounds what is wanted by both.
func (d *Desk) allow(ctx context.Context, operator string, o *Opening, q *exchange.Query, now time.Time) error {
	switch {
	case o.Operator != operator:
		return refusal(notYours)
	case o.StateAt(now) != Open:
		return refusal(notOpen)
	case o.Subject != d.cfg.Pseudonyms.Pseudonym(q.Subject.IDNumber):
		return refusal(otherSubject)
	case o.Queries >= o.Most:
		return refusal(queriesSpent)
	}
	terms, err := d.judged(ctx, exchange.BreakGlassQuery, operator, o, 0, now)
	if err != nil {
		return err
	}
	q.Wanted = nil
	for _, field := range exchange.Fields(q.Operation) {
		if slices.Contains(o.Fields, field) && slices.Contains(terms.Fields, field) {
			q.Wanted = append(q.Wanted, field)
		}
	}
	if len(q.Wanted) == 0 {
		return refusal(nothingToShow) // no fields would mean all of them
	}
	return nil
}
