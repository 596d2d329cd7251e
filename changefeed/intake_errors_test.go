package changefeed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// faultyLedger fails a write in either way, "failed" and "failed but it was stored", and can show an old state.
type faultyLedger struct {
	Ledger
	mu     sync.Mutex
	fail   error  // the next Put fails with it
	stored bool   // after it has stored
	before func() // runs once between a Last and the Put that follows it
}

func (f *faultyLedger) Put(ctx context.Context, key string, data []byte, follows journal.Revision) (journal.Revision, error) {
	f.mu.Lock()
	fail, stored, before := f.fail, f.stored, f.before
	f.fail, f.before = nil, nil
	f.mu.Unlock()
	if before != nil {
		before()
	}
	if fail != nil && !stored {
		return 0, fail
	}
	revision, err := f.Ledger.Put(ctx, key, data, follows)
	return revision, errors.Join(err, fail)
}

func TestIntakeAndStoreErrors(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		fail   error
		stored bool
		first  exchange.Code // "": the first report is accepted
		again  exchange.ReportOutcome
	}{
		"uncertain, not stored":    {journal.ErrUncertain, false, exchange.RecordNotDurable, exchange.ReportAccepted},
		"uncertain, stored":        {journal.ErrUncertain, true, "", exchange.ReportDuplicate},
		"failed, not stored":       {journal.ErrFailed, false, exchange.RecordNotDurable, exchange.ReportAccepted},
		"failed, but it is stored": {journal.ErrFailed, true, exchange.RecordNotDurable, exchange.ReportDuplicate},
		"overloaded":               {journal.ErrOverloaded, false, exchange.Overloaded, exchange.ReportAccepted},
		"conflict":                 {journal.ErrConflict, false, "", exchange.ReportDuplicate},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			j := openJournal(t, dir)
			intake, _ := newIntake(t, &faultyLedger{Ledger: openLedger(t, j, "licences", 1), fail: c.fail, stored: c.stored})
			first, err := intake.Report(testContext(t), reported(t, "police", 1, 5, zt("A")))
			if exchange.CodeOf(err) != c.first || err == nil && (first.Outcome != exchange.ReportAccepted || first.Version != 1) {
				t.Fatalf("first: %+v, %v", first, err)
			}
			shut(t, j) // the reporter comes again after a restart
			intake, _ = newIntake(t, openLedger(t, openJournal(t, dir), "licences", 1))
			if got := report(t, intake, reported(t, "police", 1, 5, zt("A"))); got.Outcome != c.again || got.Version != 1 {
				t.Errorf("again: %+v", got)
			}
		})
	}
}

// What the ledger will never take must not be sent again: the refusal is the reporter's to act on, and recorded.
func TestIntakeRefusesWhatIsTooLarge(t *testing.T) {
	t.Parallel()
	ledger := openLedger(t, openJournal(t, t.TempDir()), "licences", 1)
	intake, records := newIntake(t, &faultyLedger{Ledger: ledger, fail: fmt.Errorf("put: %w", journal.ErrTooLarge)})
	_, err := intake.Report(testContext(t), reported(t, "police", 1, 5, zt("A")))
	failure, _ := errors.AsType[*exchange.Error](err)
	if exchange.CodeOf(err) != exchange.InvalidRequest || failure.RetryAfter != 0 || failure.Receipt == nil || len(failure.Pointers) != 1 {
		t.Errorf("came out as %+v", err)
	}
	if got := records.outcomes(exchange.ChangeReport); !slices.Equal(got, []string{string(exchange.InvalidRequest)}) {
		t.Errorf("recorded %v", got)
	}
}
