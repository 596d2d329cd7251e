package console

import (
	"context"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// recordBudget bounds one record: whoever waits in a browser must hear that there is none.
const recordBudget = 3 * time.Second

// Record puts an order on record before it has any effect, with the visitor's reason, the id of the form and the order as it came; about
// says what it is about, and the rest is filled in. Errors: [Fault], Overloaded, RecordNotDurable.
func (v *Visit) Record(recorder exchange.Recorder, about exchange.Record) error {
	reason, err := v.Reason()
	if err != nil {
		return err
	}
	id, err := v.OrderID()
	if err != nil {
		return err
	}
	caller, err := v.Caller()
	if err != nil {
		return err
	}
	about.ID, about.KeyID, about.Body, about.Outcome = id, caller.KeyID, caller.Body, "ordered"
	about.Purpose = exchange.Purpose{Operator: v.Person.ID, MatterName: reason}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(v.Context()), recordBudget)
	defer cancel()
	if _, err = recorder.Record(ctx, &about); err == nil || exchange.CodeOf(err) == exchange.Overloaded {
		return err
	}
	return &exchange.Error{Code: exchange.RecordNotDurable, Err: err}
}
