package journal

import (
	"errors"
	"testing"
)

func TestFullLedgerRefusesAndKeepsTheOld(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	j := open(t, t.TempDir())
	l := openLedger(t, j, LedgerConfig{Partitions: 1, MaxBytes: 64 << 10})
	var last Revision
	var err error
	for revision := last; err == nil; revision, err = l.Put(ctx, "a", make([]byte, 10<<10), last) {
		last = max(last, revision)
	}
	if !errors.Is(err, ErrFull) || last == 0 || j.Err() != nil {
		t.Fatalf("after revision %d: %v; journal: %v", last, err, j.Err())
	}
	if _, err := l.Put(ctx, "a", nil, 0); !errors.Is(err, ErrConflict) && !errors.Is(err, ErrFull) {
		t.Errorf("a wrong put into a full ledger: %v", err)
	}
	if err := j.Ready(ctx); !errors.Is(err, ErrFull) {
		t.Errorf("readiness with a full ledger: %v", err)
	}
	if e, err := l.Last(ctx, "a"); err != nil || e.Revision != last {
		t.Errorf("last: %+v, %v", e, err)
	}
	l = openLedger(t, j, LedgerConfig{Partitions: 1, MaxBytes: 1 << 20}) // the operator gave it room
	put(t, l, "a", "x", last)
}

func TestLedgerReportsAStoreThatFails(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	l := openLedger(t, j, LedgerConfig{})
	if err := j.engine.server.DisableJetStream(); err != nil {
		t.Fatal(err)
	}
	_, err := l.Put(testContext(t), "a", nil, 0)
	if !errors.Is(err, ErrUncertain) || !errors.Is(err, ErrFailed) {
		t.Errorf("put without a store: %v", err)
	}
	<-j.Failed()
}
