package breakglass

import (
	"context"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Broker takes a query down the one path; [exchange.Broker] is one.
type Broker interface {
	Query(context.Context, *exchange.Query) (*exchange.Answer, error)
	Refuse(context.Context, *exchange.Query, error) error
}

// Config is what a [Desk] works with. All members are required but Observe.
type Config struct {
	Judge      exchange.BreakGlassJudge
	Marks      Marks
	Recorder   exchange.Recorder
	Pseudonyms exchange.Pseudonyms
	Broker     Broker
	Digest     func([]byte) string // hex SM3
	Clock      func() time.Time
	Observe    func(Event) // nil: nobody counts
}

// Event is what happened, for counting.
type Event string

// The events. Opened and Asked raise an alarm; Refused in numbers does.
const (
	Opened    Event = "opened"    // is open at once
	Asked     Event = "asked"     // waits for a second person
	Confirmed Event = "confirmed" // is open now
	Shut      Event = "closed"
	Refused   Event = "refused" // an opening, a confirmation or a question
	Answered  Event = "answered"
	Failed    Event = "failed" // a question got no answer for another cause
)

// Events are all of them.
func Events() []Event { return []Event{Opened, Asked, Confirmed, Shut, Refused, Answered, Failed} }

// Desk opens, confirms, uses and closes emergency accesses. It is safe for concurrent use, and so are several gateways that share marks.
type Desk struct{ cfg Config }

// NewDesk makes one.
func NewDesk(cfg Config) *Desk { return &Desk{cfg} }

// Through gives the same desk, whose questions go by another broker.
func (d *Desk) Through(broker Broker) *Desk {
	cfg := d.cfg
	cfg.Broker = broker
	return &Desk{cfg}
}

// Order is one signed order of an operator.
type Order struct {
	ID       string // of the request
	Operator string // as the signature proves
	Reason   string // free of personal numbers, which the edge sees to
	Caller   exchange.Caller
}

// Wish is what an operator wants to have opened.
type Wish struct {
	Subject    exchange.IDNumber
	Region     exchange.Region
	Reference  string // number of the case or ticket, free of personal numbers
	LegalBasis string
	Minutes    int
}

// List gives the openings of the last two days, in the order in which they were asked for, and the moment by which their states go.
func (d *Desk) List(ctx context.Context) ([]Opening, time.Time, error) {
	b, err := d.read(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	now := d.cfg.Clock().UTC()
	if now.Before(b.Seen) {
		now = b.Seen
	}
	return b.Openings, now, nil
}

func (d *Desk) observe(event Event) {
	if d.cfg.Observe != nil {
		d.cfg.Observe(event)
	}
}

// judged asks policy about an action on an opening.
func (d *Desk) judged(ctx context.Context, action exchange.BreakGlassAction, operator string, o *Opening, today int, now time.Time) (exchange.BreakGlassTerms, error) {
	terms, err := d.cfg.Judge.JudgeBreakGlass(ctx, exchange.BreakGlassQuestion{
		Now: now, Action: action, Operator: operator, Region: o.Region, LegalBasis: o.LegalBasis, Minutes: o.Minutes, OpenedToday: today,
	})
	if err != nil {
		return terms, &exchange.Error{Code: exchange.PolicyUnavailable, Err: err}
	}
	if len(terms.Reasons) > 0 {
		return terms, &exchange.Error{Code: exchange.PolicyRefused, Reasons: terms.Reasons}
	}
	return terms, nil
}
