package changefeed

import (
	"context"
	"errors"
	"regexp"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// keyPattern is what the ledger takes for a key, short enough that a parked delivery's key can name the platform and version too.
var keyPattern = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// check refuses a report that says nothing or does not say of whom. The contract's own checks come before it; this is the last
// line for whoever else makes reports.
func check(r *exchange.Report) error {
	var wrong []exchange.Pointer
	for _, c := range []struct {
		missing       bool
		pointer, what string
	}{
		{r.ID == "", "/id", "id"}, {r.Reporter == "", "/reporter", "reporter"}, {!keyPattern.MatchString(r.Licence), "/licence", "licence key"},
		{r.Subject.IDNumber.IsZero(), "/subject/idNumber", "subject"}, {!r.Region.Provincial(), "/region", "region"},
		{r.Happened.IsZero(), "/happened", "moment"}, {len(r.Facts.Said()) == 0, "/facts", "facts"},
	} {
		if c.missing {
			text := exchange.Text{ZH: "变更报告缺少此项。", EN: "The report of a change lacks this: " + c.what + "."}
			wrong = append(wrong, exchange.Pointer{Pointer: c.pointer, Code: "required", Text: text})
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return &exchange.Error{Code: exchange.InvalidRequest, Pointers: wrong}
}

// undecided makes sure that who could not say whether a party may announce something has refused it.
func undecided(err error) error {
	if _, ok := errors.AsType[*exchange.Error](err); ok {
		return err
	}
	return exchange.Errorf(exchange.PolicyUnavailable, "decide who may announce: %w", err)
}

// comeAgain is the advice with an error of the store, whose troubles last seconds.
const comeAgain = time.Second

// unavailable turns an error of the ledger into what a reporter can act on: send the same report again, or not, since an entry that is
// too large for the ledger stays so.
func unavailable(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, journal.ErrOverloaded):
		return &exchange.Error{Code: exchange.Overloaded, RetryAfter: comeAgain, Err: err}
	case errors.Is(err, journal.ErrTooLarge):
		text := exchange.Text{ZH: "变更报告过长，无法保存。", EN: "The report of a change is too long to be kept."}
		long := exchange.Pointer{Pointer: "/facts", Code: "wrong-length", Text: text}
		return &exchange.Error{Code: exchange.InvalidRequest, Pointers: []exchange.Pointer{long}, Err: err}
	case errors.Is(err, ErrUnreadable), errors.Is(err, journal.ErrCorrupt):
		return &exchange.Error{Code: exchange.Internal, Err: err}
	}
	return &exchange.Error{Code: exchange.RecordNotDurable, RetryAfter: comeAgain, Err: err}
}

// recordBudget bounds the wait for a record to become durable. It outlives the reporter: a reporter that hung up has reported all
// the same.
const recordBudget = 3 * time.Second

// conclude records a refusal or failure and attaches the receipt.
func (i *Intake) conclude(ctx context.Context, r *exchange.Report, failure error) error {
	shown := exchange.Error{Code: exchange.Internal, Err: failure}
	if known, ok := errors.AsType[*exchange.Error](failure); ok {
		shown = *known
	}
	var reasons []string
	for _, reason := range shown.Reasons {
		reasons = append(reasons, reason.Code)
	}
	receipt, err := i.record(ctx, r, string(shown.Code), reasons...)
	if err != nil {
		return err
	}
	shown.Receipt = &receipt
	return &shown
}

// record makes the outcome of a report durable. The fields disclosed to the gateway are named by aspect.
func (i *Intake) record(ctx context.Context, r *exchange.Report, outcome string, reasons ...string) (exchange.Receipt, error) {
	if i.Observe != nil {
		i.Observe(outcome)
	}
	var aspects []exchange.Field
	for _, aspect := range r.Facts.Said() {
		aspects = append(aspects, exchange.Field(aspect))
	}
	return durable(ctx, i.Recorder, &exchange.Record{
		ID: r.ID, Time: r.Learned, Operation: exchange.ChangeReport, Platform: r.Reporter, KeyID: r.Caller.KeyID, Region: r.Region,
		Subject: r.Licence, Outcome: outcome, Reasons: reasons, Disclosed: aspects, Source: r.Origin, AsOf: r.Happened,
		SignedBytes: r.Caller.SignedBytes, Signature: r.Caller.Signature, Body: r.Caller.Body,
	})
}

// durable waits for a record. Its errors are Overloaded and RecordNotDurable.
func durable(ctx context.Context, recorder exchange.Recorder, record *exchange.Record) (exchange.Receipt, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordBudget)
	defer cancel()
	receipt, err := recorder.Record(ctx, record)
	if err == nil || exchange.CodeOf(err) == exchange.Overloaded {
		return receipt, err
	}
	return exchange.Receipt{}, &exchange.Error{Code: exchange.RecordNotDurable, RetryAfter: comeAgain, Err: err}
}
