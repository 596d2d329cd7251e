package journal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

func openLedger(t testing.TB, j *Journal, cfg LedgerConfig) *Ledger {
	t.Helper()
	if cfg.Name == "" {
		cfg.Name = "licences"
	}
	l, err := j.Ledger(testContext(t), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// secondLedger opens the ledger through a connection of its own, as another process would.
func secondLedger(t testing.TB, j *Journal) *Ledger {
	t.Helper()
	return secondNode(t, j, LedgerConfig{})
}

func secondNode(t testing.TB, j *Journal, cfg LedgerConfig) *Ledger {
	t.Helper()
	conn, err := nats.Connect("", nats.InProcessServer(j.engine.server))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	other := &Journal{cfg: j.cfg, replicas: j.replicas, engine: j.engine, js: js, failed: make(chan struct{})}
	return openLedger(t, other, cfg)
}

func put(t testing.TB, l *Ledger, key, data string, follows Revision) Revision {
	t.Helper()
	revision, err := l.Put(testContext(t), key, []byte(data), follows)
	if err != nil || revision <= follows {
		t.Fatalf("put after %d: revision %d, %v", follows, revision, err)
	}
	return revision
}

func TestLedgerKeepsTheHistoryOfEachKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx := testContext(t)
	j := open(t, dir)
	l := openLedger(t, j, LedgerConfig{})
	if _, err := l.Last(ctx, "a"); !errors.Is(err, ErrNotFound) {
		t.Errorf("last of nothing: %v", err)
	}
	first := put(t, l, "a", "one", 0)
	put(t, l, "b", "other", 0)
	second := put(t, l, "a", "two", first)
	for name, follows := range map[string]Revision{"new": 0, "old": first, "another key's": first + 1, "future": 99} {
		if _, err := l.Put(ctx, "a", []byte("x"), follows); !errors.Is(err, ErrConflict) {
			t.Errorf("put after the %s revision: %v", name, err)
		}
	}
	shut(t, j)
	l = openLedger(t, open(t, dir), LedgerConfig{})
	last, err := l.Last(ctx, "a")
	if err != nil || string(last.Data) != "two" || last.Revision != second || last.Key != "a" || last.StoredAt.IsZero() {
		t.Errorf("after a restart: %+v, %v", last, err)
	}
	before, err := l.Read(ctx, last.Follows)
	if err != nil || string(before.Data) != "one" || before.Follows != 0 || before.Partition != l.Partition("a") {
		t.Errorf("history: %+v, %v", before, err)
	}
	for _, revision := range []Revision{0, second + 1} {
		if _, err := l.Read(ctx, revision); !errors.Is(err, ErrNotFound) {
			t.Errorf("read of revision %d: %v", revision, err)
		}
	}
}

func TestPutRefuses(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	l := openLedger(t, j, LedgerConfig{MaxEntryBytes: 10})
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, row := range map[string]struct {
		ctx  context.Context
		key  string
		size int
		want error // nil: any
	}{
		"large data": {t.Context(), "a", 11, ErrTooLarge},
		"large key":  {t.Context(), strings.Repeat("a", maxKeyBytes+1), 1, ErrTooLarge},
		"no key":     {t.Context(), "", 1, nil},
		"wildcard":   {t.Context(), "*", 1, nil},
		"two tokens": {t.Context(), "a.b", 1, nil},
		"capital":    {t.Context(), "A", 1, nil},
		"no time":    {cancelled, "a", 1, context.Canceled},
	} {
		_, err := l.Put(row.ctx, row.key, make([]byte, row.size), 0)
		if err == nil || (row.want != nil && !errors.Is(err, row.want)) {
			t.Errorf("%s: %v, want %v", name, err, row.want)
		}
	}
	if _, err := l.Last(t.Context(), "*"); err == nil || errors.Is(err, ErrNotFound) {
		t.Errorf("last of a key that is none: %v", err)
	}
	shut(t, j)
	if _, err := l.Put(t.Context(), "a", nil, 0); !errors.Is(err, ErrClosed) {
		t.Errorf("put after close: %v", err)
	}
	if _, err := j.Ledger(t.Context(), LedgerConfig{Name: "late"}); err == nil {
		t.Error("a ledger was opened after close")
	}
}

func TestPartitionsNeverMove(t *testing.T) {
	t.Parallel()
	l := &Ledger{cfg: LedgerConfig{Partitions: 16}}
	for key, want := range map[string]int{"a": 12, "licence-1": 14, strings.Repeat("5e", 32): 5} {
		if got := l.Partition(key); got != want {
			t.Errorf("key %s is in partition %d, stores have it in %d", key, got, want)
		}
	}
	j := open(t, t.TempDir())
	openLedger(t, j, LedgerConfig{})
	if _, err := j.Ledger(t.Context(), LedgerConfig{Name: "licences", Partitions: 8}); !errors.Is(err, ErrPartitions) {
		t.Errorf("opened with other partitions: %v", err)
	}
}

func TestWeakLedgerIsRefused(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	for name, weaken := range map[string]func(*jetstream.StreamConfig){
		"memory":         func(c *jetstream.StreamConfig) { c.Storage = jetstream.MemoryStorage },
		"drops-oldest":   func(c *jetstream.StreamConfig) { c.Discard = jetstream.DiscardOld },
		"few-of-subject": func(c *jetstream.StreamConfig) { c.MaxMsgsPerSubject = 10 },
		"deletable":      func(c *jetstream.StreamConfig) { c.DenyDelete = false },
		"no-batches":     func(c *jetstream.StreamConfig) { c.AllowAtomicPublish = false },
		"not-direct":     func(c *jetstream.StreamConfig) { c.AllowDirect = false },
	} {
		cfg, err := LedgerConfig{Name: name}.withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		weak := ledgerStreamConfig(cfg, 1)
		weaken(&weak)
		if _, err := j.js.CreateStream(t.Context(), weak); err != nil {
			t.Errorf("%s: make the stream: %v", name, err)
			continue
		}
		if _, err := j.Ledger(t.Context(), LedgerConfig{Name: name}); !errors.Is(err, ErrWeakSettings) {
			t.Errorf("%s: opened with %v", name, err)
		}
	}
	for name, cfg := range map[string]LedgerConfig{
		"no name":         {},
		"many partitions": {Name: "a", Partitions: largestPartitions + 1},
		"large entry":     {Name: "a", MaxEntryBytes: largestMaxRecordBytes + 1},
		"negative":        {Name: "a", MaxBytes: -1},
	} {
		if _, err := j.Ledger(t.Context(), cfg); err == nil {
			t.Errorf("%s: the ledger was opened", name)
		}
	}
}

// TestOneOfManyWins lets 64 writers on two connections race for each revision of each key. Every writer that lost reads
// again, so the rounds overlap and Puts of all kinds meet: alone, in batches, in batches that conflict.
func TestOneOfManyWins(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	ledgers := []*Ledger{openLedger(t, j, LedgerConfig{}), secondLedger(t, j)}
	const keys, rounds = 20, 5
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		wins = make(map[string]Revision) // key and followed revision to the winner
	)
	for caller := range 64 {
		l := ledgers[caller%2]
		wg.Go(func() {
			for i := range keys * rounds {
				key := fmt.Sprintf("key-%d", (i+caller)%keys)
				last, err := l.Last(t.Context(), key)
				if err != nil && !errors.Is(err, ErrNotFound) {
					t.Error(err)
					return
				}
				revision, err := l.Put(t.Context(), key, fmt.Append(nil, caller), last.Revision)
				if errors.Is(err, ErrConflict) {
					continue
				}
				mu.Lock()
				place := fmt.Sprint(key, " after ", last.Revision)
				if other, taken := wins[place]; taken || err != nil {
					t.Errorf("%s: revisions %d and %d, %v", place, other, revision, err)
				}
				wins[place] = revision
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	checkHistory(t, ledgers[0], wins)
}

// checkHistory reads the stream from the start: every acknowledged entry is there, each follows its key's one before.
func checkHistory(t *testing.T, l *Ledger, wins map[string]Revision) {
	t.Helper()
	last := make(map[string]Revision)
	found := 0
	for revision := Revision(1); ; revision++ {
		e, err := l.Read(testContext(t), revision)
		if errors.Is(err, ErrNotFound) {
			break
		}
		if err != nil || e.Follows != last[e.Key] {
			t.Fatalf("revision %d follows %d, its key was at %d: %v", revision, e.Follows, last[e.Key], err)
		}
		last[e.Key] = revision
		if won, ok := wins[fmt.Sprint(e.Key, " after ", e.Follows)]; ok {
			found++
			if won != revision {
				t.Errorf("revision %d took the place of %d", revision, won)
			}
		}
	}
	if found != len(wins) || found == 0 {
		t.Errorf("%d of %d acknowledged entries are there", found, len(wins))
	}
}
