// Package feedtest runs a change feed on a real journal for the tests of what is built on it: everybody may announce, policy is a
// table, and records stay in memory. It is for tests only.
package feedtest

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

const (
	limit      = 2 * time.Minute // bounds a test that waits for the real journal; never the expected way out
	partitions = 4
)

// Rig is a gateway's change feed.
type Rig struct {
	*changefeed.Dispatcher
	Intake  *changefeed.Intake
	Ledger  *journal.Ledger
	Book    *changefeed.Book
	Parking *changefeed.Parking
	Grants  Grants
	Records *Records
	People  []exchange.Subject // whose licences these are
}

// Context ends when the test does, or hangs.
func Context(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

// Licence gives the key of licence n.
func Licence(n int) string { return fmt.Sprintf("%064x", n) }

// Purpose is why the rig's platforms are told.
func Purpose() exchange.Purpose { return exchange.Purpose{Code: "status-sync"} }

// now is noon in China on 24 November 2026.
func now() time.Time { return time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC) }

// New runs a feed that tells the receivers until the test ends. people nil: one invented person has all licences.
func New(t testing.TB, people []exchange.Subject, receivers ...*exchange.Receiver) *Rig {
	t.Helper()
	j, err := journal.Open(Context(t), journal.Config{Dir: t.TempDir()}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	if people == nil {
		people = nobody(t)
	}
	r := &Rig{Ledger: ledger(t, j, "licences", partitions), Grants: Grants{}, People: people, Records: &Records{}}
	r.Book = changefeed.NewBook(r.Ledger, sealer{}, now)
	r.Intake = &changefeed.Intake{Book: r.Book, Announcers: anybody{}, Recorder: r.Records, Clock: time.Now, Gateway: "gateway-a", Random: half}
	r.dispatch(t, j, receivers)
	return r
}

// nobody's ID number is the example of GB 11643.
func nobody(t testing.TB) []exchange.Subject {
	t.Helper()
	id, err := exchange.ParseIDNumber("11010519491231002X", now())
	if err != nil {
		t.Fatal(err)
	}
	return []exchange.Subject{{Name: "张三", IDNumber: id}}
}

func ledger(t testing.TB, j *journal.Journal, name string, partitions int) *journal.Ledger {
	t.Helper()
	l, err := j.Ledger(Context(t), journal.LedgerConfig{Name: name, Partitions: partitions})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (r *Rig) dispatch(t testing.TB, j *journal.Journal, receivers []*exchange.Receiver) {
	t.Helper()
	marks, err := j.State(Context(t), journal.StateConfig{Name: "endpoints"})
	if err != nil {
		t.Fatal(err)
	}
	r.Parking = changefeed.NewParking(ledger(t, j, "parked", 1), time.Now)
	cfg := changefeed.Config{
		Book: r.Book, Cursors: r.cursor, Partitions: partitions, Decider: r.Grants, Recorder: r.Records, Marks: marks, Gateway: "gateway-a",
		Parking: r.Parking, Clock: time.Now, Random: half, Logger: slog.New(slog.DiscardHandler),
		Patience: changefeed.Patience{First: time.Millisecond, Longest: 4 * time.Millisecond},
	}
	for _, receiver := range receivers {
		r.Grants[receiver.ID] = exchange.Fields(exchange.ChangeDelivery)
		cfg.Endpoints = append(cfg.Endpoints, changefeed.Endpoint{Platform: receiver.ID, Receiver: receiver.Changes, Purpose: Purpose()})
	}
	if r.Dispatcher, err = changefeed.NewDispatcher(cfg); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); r.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
}

func (r *Rig) cursor(ctx context.Context, platform string, partition int, holdFor time.Duration) (changefeed.Cursor, error) {
	cursor, err := r.Ledger.Cursor(ctx, journal.CursorConfig{Name: platform, Partition: partition, AckWait: holdFor})
	if err != nil {
		return nil, err
	}
	return cursor, nil
}

// Report announces facts of licence n, the minute-th minute of the day.
func (r *Rig) Report(t testing.TB, reporter string, n, minute int, facts exchange.Facts) {
	t.Helper()
	_, err := r.Intake.Report(Context(t), &exchange.Report{
		ID: fmt.Sprintf("%s-%d-%d", reporter, n, minute), Reporter: reporter, Licence: Licence(n), Subject: r.People[n%len(r.People)],
		Region: "310000", Happened: now().Add(time.Duration(minute-10000) * time.Minute), Facts: facts,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Drained waits until the platform was offered everything. It looks every few milliseconds: a cursor's last step has no other sign.
func (r *Rig) Drained(t testing.TB, platform string) {
	t.Helper()
	ctx, look := Context(t), time.NewTicker(10*time.Millisecond)
	defer look.Stop()
	for left := uint64(1); left > 0; {
		<-look.C
		left = 0
		for partition := range partitions {
			backlog, err := r.Backlog(ctx, platform, partition)
			if err != nil {
				t.Fatal(err)
			}
			left += backlog.Entries
		}
	}
}

func half(limit time.Duration) time.Duration { return limit / 2 }
