package journal

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

// TestScanSinceGoesOnAfterAPlace reads a partition piece by piece and must see every entry once, in order.
func TestScanSinceGoesOnAfterAPlace(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 2})
	var want [2][]Revision
	last := map[string]Revision{}
	for i := range 3 * scanEntries {
		key := fmt.Sprint("key-", i%50) // most keys have several entries
		last[key] = put(t, l, key, "x", last[key])
		want[l.Partition(key)] = append(want[l.Partition(key)], last[key])
	}
	enough := errors.New("enough")
	for partition := range want {
		var seen []Revision
		var place Revision
		for piece := 1; ; piece *= 3 {
			left := piece
			err := l.ScanSince(ctx, partition, place, func(e Entry) error {
				if left--; left < 0 {
					return enough
				}
				seen, place = append(seen, e.Revision), e.Revision
				return nil
			})
			if err == nil {
				break
			}
			if !errors.Is(err, enough) {
				t.Fatal(err)
			}
			backlog, err := l.BacklogSince(ctx, partition, place)
			if err != nil || backlog.Entries != uint64(len(want[partition])-len(seen)) || backlog.Oldest.IsZero() || backlog.After != place {
				t.Fatalf("after %d of %d: %+v, %v", len(seen), len(want[partition]), backlog, err)
			}
		}
		if !slices.Equal(seen, want[partition]) {
			t.Errorf("partition %d: saw %d entries, want %d in order", partition, len(seen), len(want[partition]))
		}
		if backlog, err := l.BacklogSince(ctx, partition, place); err != nil || backlog.Entries != 0 || !backlog.Oldest.IsZero() {
			t.Errorf("at the end: %+v, %v", backlog, err)
		}
	}
	info, err := l.parts[0].stream.stream.Info(ctx)
	if err != nil || info.State.Consumers != 0 {
		t.Errorf("%d scans were left behind: %v", info.State.Consumers, err)
	}
}
