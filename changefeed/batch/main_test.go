package batch

import (
	"context"
	"crypto/cipher"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// limit bounds a test that waits for the real journal. It is never the expected way out.
const limit = 2 * time.Minute

func testContext(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

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

// clock is turned by the test.
type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) set(at time.Time)      { c.at.Store(&at) }
func (c *clock) now() time.Time        { return *c.at.Load() }
func (c *clock) turn(by time.Duration) { c.set(c.now().Add(by)) }
func (c *clock) night()                { c.turn(24 * time.Hour) }

// counted is an [Observer] that adds up.
type counted struct {
	mu   sync.Mutex
	seen map[string]int
}

func (c *counted) add(what string, count int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen[what] += count
}

func (c *counted) of(what string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seen[what]
}

func (c *counted) Batch(_ string, w Written) {
	c.add("batches", 1)
	c.add("rows", w.Rows)
	c.add("known", w.Known)
}
func (c *counted) Rows(_, outcome string, count int)         { c.add(outcome, count) }
func (c *counted) Work(_ string, w Work, code exchange.Code) { c.add(string(w)+"/"+string(code), 1) }

// ranks: the police is the authority, everybody else a platform, and the stranger may say nothing.
type ranks struct{}

func (ranks) Rank(_ context.Context, a changefeed.Announcement) (exchange.Rank, error) {
	switch a.Reporter {
	case "police":
		return exchange.RankAuthority, nil
	case "stranger":
		return exchange.RankNone, &exchange.Error{Code: exchange.PolicyRefused, Reasons: []exchange.Reason{{Code: "may_not_announce"}}}
	}
	return exchange.RankPlatform, nil
}

// statusOnly is a policy that shows the status, unless the licence is kept in Beijing.
type statusOnly struct{}

func (statusOnly) Decide(_ context.Context, r exchange.DecisionRequest) (exchange.Decision, error) {
	d := exchange.Decision{Revision: "rev-1", Allow: r.Region != "110000"}
	d.Grants = map[exchange.Field]exchange.Mask{"status": exchange.MaskNone}
	return d, nil
}

// recorder counts records; fail, if set, may refuse one.
type recorder struct {
	mu      sync.Mutex
	records []exchange.Record
	fail    func(*exchange.Record) error
}

func (r *recorder) Record(_ context.Context, record *exchange.Record) (exchange.Receipt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fail != nil {
		if err := r.fail(record); err != nil {
			return exchange.Receipt{}, err
		}
	}
	r.records = append(r.records, *record)
	return exchange.Receipt{}, nil
}

// outcomes counts the records of an operation by outcome.
func (r *recorder) outcomes(op exchange.Operation) map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := map[string]int{}
	for i := range r.records {
		if r.records[i].Operation == op {
			all[r.records[i].Outcome]++
		}
	}
	return all
}

// sm4 seals as the gateway does, under a key that belongs to nobody.
type sm4 struct{ aead cipher.AEAD }

func newSealer(t testing.TB) sm4 {
	t.Helper()
	aead, err := smcrypto.NewSM4GCM([]byte("0123456789abcdef"))
	must(t, err)
	return sm4{aead}
}

func (s sm4) Seal(content, aad []byte) ([]byte, error) {
	return s.aead.Seal(nil, make([]byte, s.aead.NonceSize()), content, aad), nil
}

func (s sm4) Open(sealed, aad []byte) ([]byte, error) {
	return s.aead.Open(nil, make([]byte, s.aead.NonceSize()), sealed, aad)
}
