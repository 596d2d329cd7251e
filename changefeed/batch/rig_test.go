package batch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// noon in China on 24 November 2026.
func noon() time.Time { return time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC) }

const partitions = 4

// rig is a gateway that tells the platform "front" in batches, on a real journal.
type rig struct {
	clock      clock
	journal    *journal.Journal
	ledger     *journal.Ledger
	book       *changefeed.Book
	intake     *changefeed.Intake
	dispatcher *changefeed.Dispatcher
	marks      *journal.State
	records    *recorder
	table      *table
	counted    *counted
}

func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{records: &recorder{}, table: newTable(), counted: &counted{seen: map[string]int{}}}
	r.clock.set(noon())
	var err error
	r.journal, err = journal.Open(testContext(t), journal.Config{Dir: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.journal.Close(context.Background()) })
	if r.marks, err = r.journal.State(testContext(t), journal.StateConfig{Name: "marks"}); err != nil {
		t.Fatal(err)
	}
	r.ledger = r.openLedger(t, "licences", partitions)
	r.book = changefeed.NewBook(r.ledger, newSealer(t), r.clock.now)
	r.intake = &changefeed.Intake{Book: r.book, Announcers: ranks{}, Recorder: r.records, Clock: r.clock.now, Gateway: "gateway-a", Random: half}
	r.dispatcher, err = changefeed.NewDispatcher(changefeed.Config{
		Book: r.book, Partitions: partitions, Decider: statusOnly{}, Recorder: r.records, Gateway: "gateway-a", Clock: r.clock.now, Random: half,
		Parking: changefeed.NewParking(r.openLedger(t, "parked", 1), r.clock.now), Marks: r.marks, Logger: slog.New(slog.DiscardHandler),
		Endpoints: []changefeed.Endpoint{{Platform: "front", Receiver: r.table, Batched: true, Purpose: exchange.Purpose{Code: "status-sync"}}},
		Cursors: func(_ context.Context, platform string, partition int, _ time.Duration) (changefeed.Cursor, error) {
			return r.places("anybody").Cursor(r.ledger, platform, partition), nil
		},
		Observe: func(_, outcome string) { r.counted.add(outcome, 1) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) openLedger(t testing.TB, name string, parts int) *journal.Ledger {
	t.Helper()
	l, err := r.journal.Ledger(testContext(t), journal.LedgerConfig{Name: name, Partitions: parts})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (r *rig) places(holder string) *Places {
	return &Places{Marks: r.marks, Clock: r.clock.now, Holder: holder, Hold: time.Minute}
}

// driver makes a driver of a process; configure may change what it works with.
func (r *rig) driver(t testing.TB, holder string, configure func(*Config)) *Driver {
	t.Helper()
	outlet, err := r.dispatcher.Outlet("front")
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{
		Platform: "front", Places: r.places(holder), Clock: r.clock.now, Random: half, Logger: slog.New(slog.DiscardHandler), Observer: r.counted,
		Outlet: outlet, Outbox: r.table, Book: r.book, Ledger: r.ledger, Partitions: partitions, Intake: r.intake, Inbox: r.table,
	}
	if configure != nil {
		configure(&cfg)
	}
	return New(cfg)
}

// do takes one step of every work of the kinds, and gives the errors.
func do(t testing.TB, d *Driver, kinds ...Work) error {
	t.Helper()
	var problems []error
	for _, w := range d.works {
		if slices.Contains(kinds, w.kind) {
			_, err := w.step(testContext(t))
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// report has somebody say that licence n has these letters, the minute-th minute of the day.
func (r *rig) report(t testing.TB, reporter string, n, minute int, letters exchange.StatusSet) changefeed.Acceptance {
	t.Helper()
	acceptance, err := r.intake.Report(testContext(t), reported(t, reporter, n, minute, letters))
	must(t, err)
	return acceptance
}

func reported(t testing.TB, reporter string, n, minute int, letters exchange.StatusSet) *exchange.Report {
	t.Helper()
	// The number is the example of GB 11643 and belongs to nobody.
	number, err := exchange.ParseIDNumber("11010519491231002X", noon())
	must(t, err)
	return &exchange.Report{
		ID: fmt.Sprintf("%s-%d-%d", reporter, n, minute), Reporter: reporter, Licence: key(n), Subject: exchange.Subject{Name: "张三", IDNumber: number},
		Region: "310000", Happened: noon().Add(time.Duration(minute-10000) * time.Minute), Facts: exchange.Facts{Status: letters},
	}
}

func key(n int) string { return fmt.Sprintf("%064x", n) }

func half(limit time.Duration) time.Duration { return limit / 2 }
