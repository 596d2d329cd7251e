package journal

import (
	"context"
	"errors"
	"strings"
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
