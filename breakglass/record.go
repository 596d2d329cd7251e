package breakglass

import (
	"context"
	"errors"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// The operations of orders, as records name them. A question under an opening is recorded as the query that it is, with the opening's id.
const (
	OrderOpen    exchange.Operation = "breakglass.open"
	OrderConfirm exchange.Operation = "breakglass.confirm"
	OrderClose   exchange.Operation = "breakglass.close"
)

// ordered is the outcome of an order that was given and has no effect yet.
const ordered = "ordered"

// recordBudget bounds the wait for a record. It outlives the request: who hung up has given the order all the same.
const recordBudget = 3 * time.Second

// note makes an order durable before it has any effect. Errors: Overloaded, RecordNotDurable; then nothing may happen.
func (d *Desk) note(ctx context.Context, order *Order, operation exchange.Operation, o *Opening, outcome string, reasons []exchange.Reason) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordBudget)
	defer cancel()
	record := &exchange.Record{
		ID: order.ID, Time: d.cfg.Clock().UTC(), Operation: operation, KeyID: order.Caller.KeyID, Region: o.Region, Subject: o.Subject, Opening: o.ID,
		Purpose: exchange.Purpose{
			Code: exchange.BreakGlassPurpose, MatterName: order.Reason, Case: o.Reference, Operator: order.Operator, Unit: o.Unit, LegalBasis: o.LegalBasis,
		},
		Outcome: outcome, SignedBytes: order.Caller.SignedBytes, Signature: order.Caller.Signature, Body: order.Caller.Body,
	}
	for _, reason := range reasons {
		record.Reasons = append(record.Reasons, reason.Code)
	}
	_, err := d.cfg.Recorder.Record(ctx, record)
	if err == nil || exchange.CodeOf(err) == exchange.Overloaded {
		return err
	}
	return &exchange.Error{Code: exchange.RecordNotDurable, RetryAfter: time.Second, Err: err}
}

// refused records a refused order and gives the refusal back; without a record the refusal is that instead.
func (d *Desk) refused(ctx context.Context, order *Order, operation exchange.Operation, o *Opening, cause error) error {
	d.observe(Refused)
	failure, known := errors.AsType[*exchange.Error](cause)
	if !known {
		failure = &exchange.Error{Code: exchange.Internal, Err: cause}
	}
	if err := d.note(ctx, order, operation, o, string(failure.Code), failure.Reasons); err != nil {
		return err
	}
	return cause
}
