package changefeed

import (
	"sync"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// TestTwoIntakesOnOneLedger lets another gateway's report in between reading and writing.
func TestTwoIntakesOnOneLedger(t *testing.T) {
	t.Parallel()
	ledger := openLedger(t, openJournal(t, t.TempDir()), "licences", 1)
	other, _ := newIntake(t, ledger)
	faulty := &faultyLedger{Ledger: ledger}
	intake, _ := newIntake(t, faulty)
	faulty.before = func() { report(t, other, reported(t, "police-2", 1, 6, zt("BD"))) }
	if got := report(t, intake, reported(t, "police", 1, 5, zt("A"))); got.Outcome != exchange.ReportConflicting || got.Version != 1 {
		t.Errorf("the older word: %+v", got)
	}
	faulty.before = func() { report(t, other, reported(t, "police-2", 1, 7, zt("J"))) }
	if got := report(t, intake, reported(t, "police", 1, 8, zt("K"))); got.Outcome != exchange.ReportAccepted || got.Version != 3 {
		t.Errorf("the newer word: %+v", got)
	}
	checkHistory(t, other.Book, ledger, 1)
}

// TestManyIntakesNeverBothWin has four gateways of 16 callers each report of eight licences at once.
func TestManyIntakesNeverBothWin(t *testing.T) {
	t.Parallel()
	ledger := openLedger(t, openJournal(t, t.TempDir()), "licences", 4)
	var wg sync.WaitGroup
	for gateway := range 4 {
		intake, _ := newIntake(t, ledger)
		for caller := range 16 {
			wg.Go(func() {
				for n := range 8 {
					r := reported(t, "police", n, 100*gateway+caller, zt(exchange.StatusSet([]string{"A", "BD", "J", "K"}[gateway])))
					for {
						if _, err := intake.Report(testContext(t), r); exchange.CodeOf(err) != exchange.Overloaded {
							if err != nil {
								t.Error(err)
							}
							break
						}
					}
				}
			})
		}
	}
	wg.Wait()
	book := NewBook(ledger, newSealer(t), now)
	for n := range 8 {
		if known := checkHistory(t, book, ledger, n); known.State.Stands.Status != "K" {
			t.Errorf("licence %d: %s stands", n, known.State.Stands.Status)
		}
	}
}

// checkHistory walks a licence's entries back: versions fall by one with each accepted entry and stay with any other, and no
// entry lost what the one before it knew.
func checkHistory(t *testing.T, book *Book, ledger Ledger, n int) Known {
	t.Helper()
	ctx := testContext(t)
	newest, err := book.Last(ctx, licenceKey(n))
	if err != nil || newest.State == nil {
		t.Fatalf("licence %d: %v", n, err)
	}
	for known := newest; ; {
		entry, err := ledger.Read(ctx, known.Revision)
		if err != nil {
			t.Fatal(err)
		}
		before := Known{State: &exchange.LicenceState{}}
		if entry.Follows != 0 {
			if before, err = book.Read(ctx, entry.Follows); err != nil {
				t.Fatal(err)
			}
		}
		step := known.State.Version - before.State.Version
		if step != 0 && step != 1 || (step == 1) != (known.Outcome == exchange.ReportAccepted) || len(known.State.Says) < len(before.State.Says) {
			t.Fatalf("licence %d: from version %d to %d by %s", n, before.State.Version, known.State.Version, known.Outcome)
		}
		if entry.Follows == 0 {
			return newest
		}
		known = before
	}
}
