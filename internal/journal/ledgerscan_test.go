package journal

import (
	"errors"
	"fmt"
	"testing"
)

// TestScanSeesTheNewestOfEachKey has more keys than one request of a scan brings, and writes on while it scans.
func TestScanSeesTheNewestOfEachKey(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 2})
	const keys = 3 * scanEntries
	want := make(map[string]Revision)
	for i := range keys {
		key := fmt.Sprint("key-", i)
		want[key] = put(t, l, key, "old", 0)
		if i%3 == 0 {
			want[key] = put(t, l, key, "new", want[key])
		}
	}
	seen := make(map[string]Revision)
	var order [2]Revision
	err := l.Scan(ctx, func(e Entry) error {
		if len(seen) == 0 {
			put(t, l, "late", "written during the scan", 0)
		}
		if e.Revision <= order[e.Partition] || e.Partition != l.Partition(e.Key) {
			return fmt.Errorf("revision %d of partition %d after %d", e.Revision, e.Partition, order[e.Partition])
		}
		order[e.Partition] = e.Revision
		seen[e.Key] = e.Revision
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	delete(seen, "late")
	if len(seen) != len(want) {
		t.Errorf("%d keys were seen, want %d", len(seen), len(want))
	}
	for key, revision := range want {
		if seen[key] != revision {
			t.Errorf("%s was seen at %d, want %d", key, seen[key], revision)
		}
	}
}

func TestScanEndsCleanly(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 1})
	if err := l.Scan(ctx, func(Entry) error { return errors.New("an entry") }); err != nil {
		t.Errorf("scan of nothing: %v", err)
	}
	put(t, l, "a", "x", 0)
	stop := errors.New("enough")
	if err := l.Scan(ctx, func(Entry) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("a visit that fails: %v", err)
	}
	if _, err := l.journal.js.Publish(ctx, l.subject("b"), []byte("not an entry of ours")); err != nil {
		t.Fatal(err)
	}
	if err := l.Scan(ctx, func(Entry) error { return nil }); !errors.Is(err, ErrCorrupt) {
		t.Errorf("scan over damage: %v", err)
	}
	info, err := l.parts[0].stream.stream.Info(ctx)
	if err != nil || info.State.Consumers != 0 {
		t.Errorf("%d scans were left behind: %v", info.State.Consumers, err)
	}
}
