package changefeed

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// memory is a ledger and marks without a disk, for the tests that turn the clock: in their bubble nothing may wait for an engine.
type memory struct {
	mu      sync.Mutex
	entries []journal.Entry
	always  error // if set, what every Put fails with
}

func (m *memory) Put(_ context.Context, key string, data []byte, follows journal.Revision) (journal.Revision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.always != nil {
		return 0, m.always
	}
	if m.last(key).Revision != follows {
		return 0, journal.ErrConflict
	}
	revision := journal.Revision(len(m.entries) + 1)
	m.entries = append(m.entries, journal.Entry{Key: key, Data: data, Revision: revision, Follows: follows})
	return revision, nil
}

func (m *memory) last(key string) journal.Entry {
	for _, entry := range slices.Backward(m.entries) {
		if entry.Key == key {
			return entry
		}
	}
	return journal.Entry{}
}

func (m *memory) Last(_ context.Context, key string) (journal.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	entry := m.last(key)
	if entry.Revision == 0 {
		return entry, journal.ErrNotFound
	}
	return entry, nil
}

func (m *memory) Read(_ context.Context, revision journal.Revision) (journal.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.entries[revision-1], nil
}

func (m *memory) Scan(_ context.Context, visit func(journal.Entry) error) error {
	m.mu.Lock()
	entries := slices.Clone(m.entries)
	newest := map[string]journal.Revision{}
	for _, entry := range entries {
		newest[entry.Key] = entry.Revision
	}
	m.mu.Unlock()
	for _, entry := range entries {
		if newest[entry.Key] != entry.Revision {
			continue
		}
		if err := visit(entry); err != nil {
			return err
		}
	}
	return nil
}

// marks makes a memory a [Marks].
type marks struct{ *memory }

func (m marks) Get(ctx context.Context, key string) (journal.Value, error) {
	entry, err := m.Last(ctx, key)
	return journal.Value{Data: entry.Data, Revision: uint64(entry.Revision)}, err
}

func (m marks) Put(ctx context.Context, key string, data []byte, revision uint64) (uint64, error) {
	written, err := m.memory.Put(ctx, key, data, journal.Revision(revision))
	return uint64(written), err
}

func memoryDispatcher(t *testing.T, ledger *memory, health Marks, p *platform) *Dispatcher {
	t.Helper()
	d, err := NewDispatcher(Config{
		Book: NewBook(ledger, newSealer(t), time.Now), Partitions: 1, Decider: grants{"wechat": exchange.Fields(exchange.ChangeDelivery)},
		Recorder: &recorder{}, Parking: NewParking(&memory{}, time.Now), Marks: health, Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
		Endpoints: []Endpoint{{Platform: "wechat", Receiver: p}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestReplayKeepsToItsRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ledger := &memory{}
		intake, _ := newIntake(t, ledger)
		intake.Book = NewBook(ledger, newSealer(t), time.Now)
		d := memoryDispatcher(t, ledger, marks{&memory{}}, newPlatform())
		for n := range 11 {
			r := reported(t, "police", n, 1, zt("B"))
			report(t, intake, r)
			parked := Parked{Platform: "wechat", Licence: r.Licence, Version: 1, Revision: journal.Revision(n + 1), Reason: exchange.SourceRefused}
			if err := d.cfg.Parking.park(t.Context(), parked); err != nil {
				t.Fatal(err)
			}
		}
		frozen := previewAll(t, d)
		start := time.Now()
		got, err := d.Replay(t.Context(), ReplayOrder{Token: frozen.Token, By: operator, PerSecond: 2})
		if took := time.Since(start); err != nil || got.Delivered != 11 || took != 5*time.Second {
			t.Errorf("%+v in %s, %v", got, took, err)
		}
	})
}

func previewAll(t *testing.T, d *Dispatcher) Preview {
	t.Helper()
	p, err := d.cfg.Parking.Preview(t.Context(), Selection{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestSwitchOfAnotherGateway is noticed by looking again, one's own at once.
func TestSwitchOfAnotherGateway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		health := marks{&memory{}}
		here := memoryDispatcher(t, &memory{}, health, newPlatform())
		there := memoryDispatcher(t, &memory{}, health, newPlatform())
		for name, enable := range map[string]func() error{
			"there": func() error { return there.Enable(t.Context(), "wechat", operator) },
			"here":  func() error { return here.Enable(t.Context(), "wechat", operator) },
		} {
			if err := here.Disable(t.Context(), "wechat", operator); err != nil {
				t.Fatal(err)
			}
			on := make(chan error, 1)
			go func() { on <- here.endpoints["wechat"].lanes[0].switchedOn(t.Context()) }()
			synctest.Wait()
			start := time.Now()
			if err := enable(); err != nil {
				t.Fatal(err)
			}
			err := <-on
			if took := time.Since(start); err != nil || took > lookAgain || name == "here" && took != 0 {
				t.Errorf("%s: after %s, %v", name, took, err)
			}
		}
	})
}

func TestIntakeGivesUpOnEndlessConflict(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		intake, records := newIntake(t, &memory{always: journal.ErrConflict})
		_, err := intake.Report(t.Context(), reported(t, "police", 1, 1, zt("B")))
		if exchange.CodeOf(err) != exchange.Overloaded || fmt.Sprint(records.outcomes(exchange.ChangeReport)) != "[overloaded]" {
			t.Errorf("error %v, recorded %v", err, records.records)
		}
	})
}

// TestIntakeWaitsItsTurn: a caller that gives up while it waits has changed nothing.
func TestIntakeWaitsItsTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		intake, _ := newIntake(t, &memory{})
		leave, err := intake.turns.enter(t.Context(), licenceKey(1))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := intake.Report(ctx, reported(t, "police", 1, 1, zt("B"))); exchange.CodeOf(err) != exchange.RecordNotDurable {
			t.Errorf("error %v", err)
		}
		leave()
		if got := report(t, intake, reported(t, "police", 1, 1, zt("B"))); got.Outcome != exchange.ReportAccepted {
			t.Errorf("then %+v", got)
		}
	})
}
