package poll

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// ask asks the source for a licence and reports what differs from the source's last word. It returns the failure of what could not be
// settled; what the source says about the person, such as that there is no record, is counted and settles it.
func (p *Requery) ask(ctx context.Context, licence string) error {
	known, err := p.Book.Last(ctx, licence)
	if err == nil && known.State != nil {
		err = p.Gate.Enter(ctx)
	}
	if err != nil || known.State == nil {
		return stored(err)
	}
	sighting, err := p.question(ctx, &known)
	if err != nil {
		p.asked(ModeRequery, err, 0)
		if ofThePerson(err) {
			p.reported(ModeRequery, string(exchange.CodeOf(err)))
			return nil
		}
		return err
	}
	p.asked(ModeRequery, nil, 1)
	return p.compare(ctx, &known, &sighting)
}

func (p *Requery) question(ctx context.Context, known *changefeed.Known) (sighting exchange.Sighting[exchange.Licence], err error) {
	ctx, cancel := context.WithTimeout(exchange.AskOnce(ctx), p.Timeout)
	defer cancel()
	now := p.Clock()
	request := exchange.SourceRequest{
		QueryID: fmt.Sprintf("%s-%s-%d", p.Source, known.State.Licence[:min(pseudonymLength, len(known.State.Licence))], now.UnixMilli()),
		Caller:  p.Purpose.Operator, Subject: known.Subject, Region: known.State.Region, Purpose: p.Purpose, Fields: p.fields(), Now: now,
	}
	err = surviving(func() (err error) {
		sighting, err = p.Asks.Licence(ctx, request)
		return err
	})
	return sighting, err
}

// fields names what is polled, for a source that lets choose.
func (p *Requery) fields() []exchange.Field {
	var fields []exchange.Field
	for _, aspect := range exchange.Aspects() {
		if len(p.Aspects) == 0 || slices.Contains(p.Aspects, aspect) {
			fields = append(fields, aspect.Fields()...)
		}
	}
	return fields
}

// compare reports the answer if it says anything else than the source's last word.
func (p *Requery) compare(ctx context.Context, known *changefeed.Known, sighting *exchange.Sighting[exchange.Licence]) error {
	found := &sighting.Value
	region := cmp.Or(exchange.IssuerRegion(found.Issuer), known.State.Region)
	facts := p.narrowed(exchange.FactsOf(found))
	last := known.State.Says[p.Source].Facts
	switch {
	case !p.covers(region):
		p.reported(ModeRequery, OutcomeElsewhere)
		return nil
	case len(facts.Said()) == 0:
		p.reported(ModeRequery, OutcomeSilent)
		return nil
	case region == known.State.Region && !differ(&facts, &last):
		p.reported(ModeRequery, OutcomeSame)
		return nil
	}
	subject := known.Subject
	subject.Name, subject.FileNumber = cmp.Or(found.Name, subject.Name), cmp.Or(found.FileNumber, subject.FileNumber)
	report := p.report(subject, region, happened(found, sighting.AsOf), facts)
	report.Licence = known.State.Licence // also if pseudonyms were made anew since
	return p.give(ctx, ModeRequery, report)
}

// happened is when the record came to be as it is: its time of update, or when it was seen.
func happened(found *exchange.Licence, asOf time.Time) time.Time {
	if found.UpdatedAt.IsZero() {
		return asOf
	}
	return found.UpdatedAt
}

// differ reports whether now says of any aspect something else than before. What it is silent on it does not take back.
func differ(now, before *exchange.Facts) bool {
	return slices.ContainsFunc(now.Said(), func(a exchange.Aspect) bool { return !now.Agrees(before, a) })
}

// stored tells what may pass, the store's trouble, from an entry that nobody can read.
func stored(err error) error {
	if err == nil || errors.Is(err, changefeed.ErrUnreadable) {
		return err
	}
	return &exchange.Error{Code: exchange.Overloaded, Err: err}
}

// ofThePerson reports whether a failure is an answer about the licence's holder, which no repetition changes today.
func ofThePerson(err error) bool {
	switch exchange.CodeOf(err) {
	case exchange.NoRecord, exchange.IdentityMismatch, exchange.IdentityUnknown, exchange.SubjectDeceased, exchange.RecordNotArchived,
		exchange.IDDocumentExpired, exchange.InvalidRequest, exchange.OperationNotOffered:
		return true
	}
	return false
}

// again reports whether the same licence is to be asked for again at once. An answer that can't be read is this licence's own
// trouble, as is a book that can't: the others come first.
func again(err error) bool {
	switch exchange.CodeOf(err) {
	case "", exchange.SourceInvalid, exchange.Internal:
		return false
	}
	return true
}
