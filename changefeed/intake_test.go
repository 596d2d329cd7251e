package changefeed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

func TestIntakeTellsAndRecordsEachOutcome(t *testing.T) {
	t.Parallel()
	intake, records := newIntake(t, openLedger(t, openJournal(t, t.TempDir()), "licences", 4))
	var counted []string
	intake.Observe = func(outcome string) { counted = append(counted, outcome) }
	roundTrip := reported(t, "police", 1, 9, zt("H"))
	roundTrip.Via = []string{"gateway-b", "gateway-a"}
	future := reported(t, "police", 1, 10004, zt("H"))
	cases := []struct {
		report  *exchange.Report
		outcome exchange.ReportOutcome
		version uint64
	}{
		{reported(t, "police", 1, 5, zt("BD")), exchange.ReportAccepted, 1},
		{reported(t, "police", 1, 5, zt("BD")), exchange.ReportDuplicate, 1},
		{reported(t, "police", 1, 4, zt("A")), exchange.ReportStale, 1},
		{reported(t, "suishenban", 1, 6, zt("DB")), exchange.ReportUnchanged, 1},
		{reported(t, "wechat", 1, 7, zt("A")), exchange.ReportConflicting, 1},
		{reported(t, "wechat", 1, 7, zt("A")), exchange.ReportDuplicate, 1},
		{future, exchange.ReportImpossible, 1},
		{roundTrip, exchange.ReportDuplicate, 1},
		{reported(t, "police", 1, 8, zt("F")), exchange.ReportAccepted, 2},
		{reported(t, "suishenban", 1, 9, zt("A")), exchange.ReportImpossible, 2},
		{reported(t, "suishenban", 2, 9, zt("A")), exchange.ReportAccepted, 1},
	}
	var outcomes []string
	for i, c := range cases {
		got := report(t, intake, c.report)
		if got.Outcome != c.outcome || got.Version != c.version || got.Receipt.Index != uint64(i) {
			t.Errorf("report %d: %+v, want %s and version %d", i, got, c.outcome, c.version)
		}
		outcomes = append(outcomes, string(c.outcome))
	}
	if got := records.outcomes(exchange.ChangeReport); !slices.Equal(got, outcomes) || !slices.Equal(counted, outcomes) {
		t.Errorf("recorded %v, counted %v", got, counted)
	}
	known, err := intake.Book.Last(t.Context(), licenceKey(1))
	if err != nil || known.State.Stands.Status != "F" || len(known.State.Says) != 3 || known.Subject != citizen(t) || known.Outcome != exchange.ReportAccepted {
		t.Errorf("known: %+v, %v", known, err)
	}
}

// TestIntakeRecordsWhatWasSigned reads a record back: who, of whom, what aspects and the bytes that were signed, but no number.
func TestIntakeRecordsWhatWasSigned(t *testing.T) {
	t.Parallel()
	intake, records := newIntake(t, openLedger(t, openJournal(t, t.TempDir()), "licences", 1))
	r := reported(t, "police", 1, 5, exchange.Facts{Status: "A", Points: new(3)})
	r.Origin = "tmri-sh"
	r.Caller = exchange.Caller{Platform: "police", KeyID: "police-1", SignedBytes: []byte("base"), Signature: []byte("sig"), Body: []byte("body")}
	report(t, intake, r)
	got := records.records[0]
	if got.ID != r.ID || got.Platform != "police" || got.KeyID != "police-1" || got.Subject != r.Licence || got.Region != "310000" ||
		got.Source != "tmri-sh" || !got.AsOf.Equal(r.Happened) || !got.Time.Equal(now()) || string(got.Body) != "body" || string(got.Signature) != "sig" {
		t.Errorf("record %+v", got)
	}
	if !slices.Equal(got.Disclosed, []exchange.Field{"status", "points"}) {
		t.Errorf("disclosed %v", got.Disclosed)
	}
	if text := fmt.Sprintf("%+v", got); strings.Contains(text, "19491231") {
		t.Error("the record shows the ID number")
	}
	if !r.Learned.IsZero() || r.Rank != exchange.RankNone {
		t.Error("the caller's report was changed")
	}
}

func TestIntakeRefuses(t *testing.T) {
	t.Parallel()
	broken := func(change func(*exchange.Report)) *exchange.Report {
		r := reported(t, "police", 1, 5, zt("A"))
		change(r)
		return r
	}
	cases := map[string]struct {
		report *exchange.Report
		code   exchange.Code
	}{
		"who may not announce":  {reported(t, "stranger", 1, 5, zt("A")), exchange.PolicyRefused},
		"nothing said":          {broken(func(r *exchange.Report) { r.Facts = exchange.Facts{} }), exchange.InvalidRequest},
		"of nobody":             {broken(func(r *exchange.Report) { r.Subject = exchange.Subject{} }), exchange.InvalidRequest},
		"of no province":        {broken(func(r *exchange.Report) { r.Region = exchange.National }), exchange.InvalidRequest},
		"of no moment":          {broken(func(r *exchange.Report) { r.Happened = time.Time{} }), exchange.InvalidRequest},
		"without an id":         {broken(func(r *exchange.Report) { r.ID = "" }), exchange.InvalidRequest},
		"of a key that is none": {broken(func(r *exchange.Report) { r.Licence = "A B" }), exchange.InvalidRequest},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			intake, records := newIntake(t, &faultyLedger{Ledger: openLedger(t, openJournal(t, t.TempDir()), "licences", 1)})
			_, err := intake.Report(testContext(t), c.report)
			failure, ok := errors.AsType[*exchange.Error](err)
			if !ok || failure.Code != c.code || failure.Receipt == nil {
				t.Fatalf("error %+v", err)
			}
			if got := records.outcomes(exchange.ChangeReport); !slices.Equal(got, []string{string(c.code)}) {
				t.Errorf("recorded %v", got)
			}
			if c.code == exchange.PolicyRefused && !slices.Equal(records.records[0].Reasons, []string{"may_not_announce"}) {
				t.Errorf("reasons %v", records.records[0].Reasons)
			}
		})
	}
}

// undecidedAnnouncers fail as a policy engine does.
type undecidedAnnouncers struct{}

func (undecidedAnnouncers) Rank(context.Context, Announcement) (exchange.Rank, error) {
	return exchange.RankAuthority, errors.New("engine is away")
}

func TestNoDecisionIsARefusal(t *testing.T) {
	t.Parallel()
	intake, _ := newIntake(t, openLedger(t, openJournal(t, t.TempDir()), "licences", 1))
	intake.Announcers = undecidedAnnouncers{}
	if _, err := intake.Report(testContext(t), reported(t, "police", 1, 5, zt("A"))); exchange.CodeOf(err) != exchange.PolicyUnavailable {
		t.Errorf("error %v", err)
	}
	if known, err := intake.Book.Last(t.Context(), licenceKey(1)); err != nil || known.State != nil {
		t.Errorf("known %+v, %v", known, err)
	}
}

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
