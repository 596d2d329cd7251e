package gateway

import (
	"context"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/breakglass"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/exchange/personal"
	"github.com/zhengqiao/zhengqiao/gateway/api"
)

// BreakGlass gives operators emergency access; [breakglass.Desk] is one.
type BreakGlass interface {
	List(context.Context) ([]breakglass.Opening, time.Time, error)
	Open(context.Context, breakglass.Order, breakglass.Wish) (breakglass.Opening, error)
	Confirm(ctx context.Context, order breakglass.Order, id string) (breakglass.Opening, error)
	Close(ctx context.Context, order breakglass.Order, id string) (breakglass.Opening, error)
	Query(ctx context.Context, order breakglass.Order, id string, asked breakglass.Question) (*exchange.Answer, breakglass.Opening, error)
}

// openingView is an opening as operators see it: nothing of the person, not even the pseudonym.
type openingView struct {
	ID          string           `json:"id"`
	State       breakglass.State `json:"state"`
	Operator    string           `json:"operator"`
	Region      exchange.Region  `json:"region"`
	Reason      string           `json:"reason"`
	Reference   string           `json:"reference"`
	LegalBasis  string           `json:"legalBasis"`
	Minutes     int              `json:"minutes"`
	Asked       time.Time        `json:"asked"`
	ConfirmBy   time.Time        `json:"confirmBy,omitzero"`
	ConfirmedBy string           `json:"confirmedBy,omitempty"`
	Until       time.Time        `json:"until,omitzero"`
	Closed      time.Time        `json:"closed,omitzero"`
	ClosedBy    string           `json:"closedBy,omitempty"`
	Queries     int              `json:"queries"`
	Most        int              `json:"most"`
}

func viewOpening(o *breakglass.Opening, now time.Time) openingView {
	return openingView{
		ID: o.ID, State: o.StateAt(now), Operator: o.Operator, Region: o.Region, Reason: o.Reason, Reference: o.Reference, LegalBasis: o.LegalBasis,
		Minutes: o.Minutes, Asked: o.Asked, ConfirmBy: o.ConfirmBy, ConfirmedBy: o.ConfirmedBy, Until: o.Until, Closed: o.Closed,
		ClosedBy: o.ClosedBy, Queries: o.Queries, Most: o.Most,
	}
}

func (o *Operators) listOpenings(ctx context.Context, _ *operatorVisit) (outcome, error) {
	if o.deps.BreakGlass == nil {
		return outcome{}, &exchange.Error{Code: exchange.OperationNotOffered}
	}
	openings, now, err := o.deps.BreakGlass.List(ctx)
	views := make([]openingView, len(openings))
	for i := range openings {
		views[i] = viewOpening(&openings[i], now)
	}
	return outcome{http.StatusOK, struct {
		Openings []openingView `json:"openings"`
	}{views}}, err
}

// accessRequest is the body of what is asked of emergency access; each operation's schema says which members it has.
type accessRequest struct {
	Subject    api.Subject        `json:"subject"`
	Region     api.Region         `json:"region"`
	Reason     string             `json:"reason"`
	Reference  string             `json:"reference"`
	LegalBasis string             `json:"legalBasis"`
	Minutes    int                `json:"minutes"`
	Operation  exchange.Operation `json:"operation"`
	Vehicles   []api.Vehicle      `json:"vehicles"`
}

// access reads a request and whose it is.
func (o *Operators) access(v *operatorVisit) (accessRequest, breakglass.Order, error) {
	var given accessRequest
	if o.deps.BreakGlass == nil {
		return given, breakglass.Order{}, &exchange.Error{Code: exchange.OperationNotOffered}
	}
	if err := v.read(&given); err != nil {
		return given, breakglass.Order{}, err
	}
	return given, breakglass.Order{ID: v.id, Operator: v.caller.Party, Caller: exchange.Caller{
		KeyID: v.caller.KeyID, SignedBytes: v.caller.Base, Signature: v.caller.Signature, Body: v.body,
	}}, nil
}

// reasoned is access for what states a reason, which must be fit for the record.
func (o *Operators) reasoned(v *operatorVisit) (accessRequest, breakglass.Order, error) {
	given, order, err := o.access(v)
	if err != nil {
		return given, order, err
	}
	stated, err := v.order(given.Reason)
	order.Reason = stated.By.Reason
	return given, order, err
}

func (o *Operators) openAccess(ctx context.Context, v *operatorVisit) (outcome, error) {
	given, order, err := o.reasoned(v)
	if err != nil {
		return outcome{}, err
	}
	person := v.person(given.Subject)
	person.region(&given.Region)
	switch {
	case personal.Holds(given.Reference, v.received):
		person.note("/reference", faultPersonalNumber)
	case personal.Blank(given.Reference) || strings.ContainsFunc(given.Reference, personal.Misleading):
		person.note("/reference", faultForm)
	}
	if personal.Holds(given.LegalBasis, v.received) {
		person.note("/legalBasis", faultPersonalNumber)
	}
	if len(person.pointers) > 0 {
		return outcome{}, invalid(person.pointers...)
	}
	opening, err := o.deps.BreakGlass.Open(ctx, order, breakglass.Wish{
		Subject: person.query.Subject.IDNumber, Region: person.query.Region, Reference: given.Reference, LegalBasis: given.LegalBasis, Minutes: given.Minutes,
	})
	return v.opened(&opening, err)
}

func (o *Operators) confirmAccess(ctx context.Context, v *operatorVisit) (outcome, error) {
	_, order, err := o.reasoned(v)
	if err != nil {
		return outcome{}, err
	}
	opening, err := o.deps.BreakGlass.Confirm(ctx, order, v.of())
	return v.opened(&opening, err)
}

func (o *Operators) closeAccess(ctx context.Context, v *operatorVisit) (outcome, error) {
	_, order, err := o.reasoned(v)
	if err != nil {
		return outcome{}, err
	}
	opening, err := o.deps.BreakGlass.Close(ctx, order, v.of())
	return v.opened(&opening, err)
}

func (o *Operators) queryAccess(ctx context.Context, v *operatorVisit) (outcome, error) {
	given, order, err := o.access(v)
	if err != nil {
		return outcome{}, err
	}
	person := v.person(given.Subject)
	for _, vehicle := range given.Vehicles {
		person.vehicle(vehicle)
	}
	if len(person.pointers) > 0 {
		return outcome{}, invalid(person.pointers...)
	}
	answer, opening, err := o.deps.BreakGlass.Query(ctx, order, v.of(), breakglass.Question{
		Operation: given.Operation, Subject: person.query.Subject, Vehicles: person.query.Vehicles,
	})
	v.opening = opening.ID
	if err != nil {
		return outcome{}, err
	}
	return outcome{http.StatusOK, struct {
		Opening openingView      `json:"opening"`
		Answer  string           `json:"answer"` // the very bytes whose digest is in the record
		Receipt exchange.Receipt `json:"receipt"`
	}{viewOpening(&opening, v.received), string(answer.Body), answer.Receipt}}, nil
}

// opened answers with an opening, which the log names.
func (v *operatorVisit) opened(opening *breakglass.Opening, err error) (outcome, error) {
	v.opening = opening.ID
	return outcome{http.StatusOK, viewOpening(opening, v.received)}, err
}

// of gives what the path names before its last segment: an opening.
func (v *operatorVisit) of() string { return path.Base(path.Dir(v.request.URL.Path)) }

// person reads whom it is about, as in the contract's queries.
func (v *operatorVisit) person(given api.Subject) *queryReader {
	reader := &queryReader{query: &exchange.Query{Received: v.received}}
	reader.subject(given)
	return reader
}
