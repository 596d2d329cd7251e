package repair

import (
	"context"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Order is who orders something, why, and the proof of it.
type Order struct {
	ID     string // of the request; a job gets it too
	By     changefeed.Action
	Caller exchange.Caller // as the operator signed it
}

// The operations of orders, as records name them. What came of single licences has operations of its own, changes.*.
const (
	OrderReplay  exchange.Operation = "operators.replay"
	OrderSkip    exchange.Operation = "operators.skip"
	OrderEnable  exchange.Operation = "operators.enable"
	OrderDisable exchange.Operation = "operators.disable"
	OrderCompare exchange.Operation = "operators.reconcile"
	OrderRepair  exchange.Operation = "operators.repair"
	OrderStop    exchange.Operation = "operators.stop"
)

// Note records an order that another part of the gateway carries out, before it has any effect. Errors: InvalidRequest, Overloaded,
// RecordNotDurable; then nothing may happen.
func (d *Desk) Note(ctx context.Context, order Order, operation exchange.Operation) error {
	return d.record(ctx, &order, operation, "")
}

// Ordered is the outcome of an order's record: it was given, and nothing has happened yet.
const Ordered = "ordered"

func operationOf(kind Kind) exchange.Operation {
	switch kind {
	case Replay:
		return OrderReplay
	case Skip:
		return OrderSkip
	case Compare:
		return OrderCompare
	}
	return OrderRepair
}

// recordBudget bounds the wait for a record. It outlives the request: who hung up has given the order all the same.
const recordBudget = 3 * time.Second

// record makes an order durable, before it has any effect. Errors: InvalidRequest without operator or reason; Overloaded and
// RecordNotDurable, and then nothing happens.
func (d *Desk) record(ctx context.Context, o *Order, operation exchange.Operation, platform string) error {
	if o.By.Operator == "" || o.By.Reason == "" {
		return &exchange.Error{Code: exchange.InvalidRequest, Err: fmt.Errorf("an operator and a reason are needed")}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordBudget)
	defer cancel()
	_, err := d.cfg.Recorder.Record(ctx, &exchange.Record{
		ID: o.ID, Time: d.cfg.Clock().UTC(), Operation: operation, Platform: platform, KeyID: o.Caller.KeyID,
		Purpose: exchange.Purpose{Operator: o.By.Operator, MatterName: o.By.Reason}, Outcome: Ordered,
		SignedBytes: o.Caller.SignedBytes, Signature: o.Caller.Signature, Body: o.Caller.Body,
	})
	if err == nil || exchange.CodeOf(err) == exchange.Overloaded {
		return err
	}
	return &exchange.Error{Code: exchange.RecordNotDurable, RetryAfter: comeAgain, Err: err}
}
