package journal

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
)

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
		cfg, err := LedgerConfig{Name: name, Partitions: 1}.withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		weak := ledgerStreamConfig(cfg, 0, 1)
		weaken(&weak)
		if _, err := j.js.CreateStream(t.Context(), weak); err != nil {
			t.Errorf("%s: make the stream: %v", name, err)
			continue
		}
		if _, err := j.Ledger(t.Context(), LedgerConfig{Name: name, Partitions: 1}); !errors.Is(err, ErrWeakSettings) {
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

// TestLostPartitionIsNoticed removes the folder of one partition: an empty one must not take its place, or its keys would
// begin anew.
func TestLostPartitionIsNoticed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir)
	l := openLedger(t, j, LedgerConfig{Partitions: 4})
	put(t, l, "a", "one", 0)
	shut(t, j)
	lost := filepath.Join(dir, "jetstream", "$G", "streams", ledgerStreamName("licences", 2))
	if err := os.RemoveAll(lost); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, dir).Ledger(t.Context(), LedgerConfig{Name: "licences", Partitions: 4}); !errors.Is(err, ErrCorrupt) {
		t.Errorf("opened without a partition: %v", err)
	}
}

func TestRevisionOfAnotherPartitionIsAConflict(t *testing.T) {
	t.Parallel()
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 2})
	first := put(t, l, "a", "one", 0)
	if l.Partition("a") == l.Partition("b") {
		t.Fatal("both keys are in one partition")
	}
	if _, err := l.Put(t.Context(), "b", nil, first); !errors.Is(err, ErrConflict) {
		t.Errorf("put after a revision of another partition: %v", err)
	}
}
