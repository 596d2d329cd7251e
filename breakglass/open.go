package breakglass

import (
	"context"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Open opens an emergency access, or puts it before a second person where policy wants one. The same signed order has no second effect,
// at whichever gateway. Errors: PolicyRefused, PolicyUnavailable, RequestReplayed, each on record; Overloaded, RecordNotDurable: then nothing
// is open. Any other is the journal's, and leaves open whether it is; [Desk.List] tells.
func (d *Desk) Open(ctx context.Context, order Order, wish Wish) (Opening, error) {
	opening := Opening{
		ID: d.cfg.Digest(order.Caller.SignedBytes)[:idLength], Operator: order.Operator, Subject: d.cfg.Pseudonyms.Pseudonym(wish.Subject),
		Region: wish.Region, Reason: order.Reason, Reference: wish.Reference, LegalBasis: wish.LegalBasis, Minutes: wish.Minutes,
	}
	noted := false
	err := d.change(ctx, func(b *book, now time.Time) error {
		if _, err := b.find(opening.ID); err == nil {
			return &exchange.Error{Code: exchange.RequestReplayed}
		}
		terms, err := d.judged(ctx, exchange.BreakGlassOpen, order.Operator, &opening, b.askedToday(order.Operator, now), now)
		if err != nil {
			return err
		}
		opening.onTerms(&terms, now)
		if !noted {
			if err := d.note(ctx, &order, OrderOpen, &opening, ordered, nil); err != nil {
				return err
			}
			noted = true
		}
		b.Openings = append(b.Openings, opening)
		return nil
	})
	switch {
	case refusing(err):
		return Opening{}, d.refused(ctx, &order, OrderOpen, &opening, err)
	case err != nil:
		return Opening{}, err
	case opening.Until.IsZero():
		d.observe(Asked)
	default:
		d.observe(Opened)
	}
	return opening, nil
}

// idLength is that of an opening's id: 128 bits in hex.
const idLength = 32

func (o *Opening) onTerms(terms *exchange.BreakGlassTerms, now time.Time) {
	o.Asked, o.Unit, o.Most, o.Fields, o.Until, o.ConfirmBy = now, terms.Unit, terms.Queries, terms.Fields, time.Time{}, time.Time{}
	if terms.SecondPerson {
		o.ConfirmBy = now.Add(time.Duration(terms.ConfirmMinutes) * time.Minute)
		return
	}
	o.begin(now)
}

// refusing says whether an error is a refusal, which is put on record.
func refusing(err error) bool {
	switch exchange.CodeOf(err) {
	case exchange.PolicyRefused, exchange.PolicyUnavailable, exchange.RequestReplayed:
		return true
	}
	return false
}

// Confirm opens what another operator asked for, from now on. Errors as with [Desk.Open], and NotFound.
func (d *Desk) Confirm(ctx context.Context, order Order, id string) (Opening, error) {
	return d.act(ctx, order, id, OrderConfirm, Confirmed, func(b *book, o *Opening, now time.Time) error {
		switch {
		case o.StateAt(now) != Pending:
			return refusal(notPending)
		case o.Operator == order.Operator:
			return refusal(samePerson)
		}
		if _, err := d.judged(ctx, exchange.BreakGlassConfirm, order.Operator, o, b.askedToday(order.Operator, now), now); err != nil {
			return err
		}
		o.ConfirmedBy = order.Operator
		o.begin(now)
		return nil
	})
}

// Close ends an opening, whoever's it is; what has ended stays as it is. Errors: NotFound, Overloaded, RecordNotDurable, the journal's.
func (d *Desk) Close(ctx context.Context, order Order, id string) (Opening, error) {
	return d.act(ctx, order, id, OrderClose, Shut, func(_ *book, o *Opening, now time.Time) error {
		if state := o.StateAt(now); state == Open || state == Pending {
			o.Closed, o.ClosedBy = now, order.Operator
		}
		return nil
	})
}

// act does something to an opening, on record before it is done.
func (d *Desk) act(ctx context.Context, order Order, id string, operation exchange.Operation, event Event, do func(*book, *Opening, time.Time) error) (Opening, error) {
	var meant Opening
	noted := false
	err := d.change(ctx, func(b *book, now time.Time) error {
		found, err := b.find(id)
		if err != nil {
			return err
		}
		meant = *found
		if err := do(b, found, now); err != nil {
			return err
		}
		meant = *found
		if !noted {
			err, noted = d.note(ctx, &order, operation, found, ordered, nil), true
		}
		return err
	})
	switch {
	case refusing(err):
		return Opening{}, d.refused(ctx, &order, operation, &meant, err)
	case err != nil:
		return Opening{}, err
	}
	d.observe(event)
	return meant, nil
}
