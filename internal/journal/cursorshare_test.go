package journal

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestEntryThatIsHeldTooLongGoesToAnother(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	l := openLedger(t, j, LedgerConfig{})
	revision := put(t, l, "a", "one", 0)
	cfg := CursorConfig{Partition: l.Partition("a"), AckWait: 300 * time.Millisecond}
	slow, quick := openCursor(t, l, cfg), openCursor(t, secondLedger(t, j), cfg)
	d := next(t, slow, revision, 1)
	for range 5 { // it stays with us as long as we say so
		if err := d.Working(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		if d, err := quick.Next(ctx); err == nil {
			t.Fatalf("revision %d was handed out while it was held", d.Revision)
		}
		cancel()
	}
	taken := next(t, quick, revision, 2)
	for name, use := range map[string]func() error{
		"done":    func() error { return d.Done(t.Context()) },
		"retry":   func() error { return d.Retry(t.Context(), 0) },
		"working": func() error { return d.Working(t.Context()) },
	} {
		if err := use(); !errors.Is(err, ErrLapsed) {
			t.Errorf("%s after the time was over: %v", name, err)
		}
	}
	finish(t, taken)
	empty(t, slow)
}

// TestStoppedReaderHoldsNothing cancels many waiting readers around the moment at which an entry arrives. AckWait is an
// hour: an entry that one of them took along would never come.
func TestStoppedReaderHoldsNothing(t *testing.T) {
	t.Parallel()
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 1})
	c := openCursor(t, l, CursorConfig{})
	var last Revision
	for range 50 {
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				d, err := c.Next(ctx)
				if err == nil {
					err = d.Retry(t.Context(), 0)
				}
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
		}
		wg.Go(cancel)
		last = put(t, l, "a", "x", last)
		wg.Wait()
		d, err := c.Next(testContext(t))
		if err != nil || d.Revision != last {
			t.Fatalf("next is %+v, %v; want revision %d", d, err, last)
		}
		finish(t, d)
	}
}

// TestNodesShareACursor has readers on two connections. No two of them hold an entry of a partition at the same time, each
// entry is done once, and each partition's entries are in order.
func TestNodesShareACursor(t *testing.T) {
	t.Parallel()
	const partitions, entries = 4, 200
	j := open(t, t.TempDir())
	l := openLedger(t, j, LedgerConfig{Partitions: partitions})
	nodes := []*Ledger{l, secondNode(t, j, LedgerConfig{Partitions: partitions})}
	ctx, cancel := context.WithCancel(testContext(t))
	defer cancel()
	var (
		wg      sync.WaitGroup
		holders [partitions]atomic.Int32
		reached [partitions]atomic.Uint64
		count   atomic.Int32
	)
	for reader := range 4 * partitions {
		c := openCursor(t, nodes[reader%2], CursorConfig{Partition: reader / 4})
		wg.Go(func() {
			for {
				d, err := c.Next(ctx)
				if errors.Is(err, context.Canceled) {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				if n := holders[d.Partition].Add(1); n != 1 {
					t.Errorf("%d readers hold partition %d", n, d.Partition)
				}
				if before := Revision(reached[d.Partition].Swap(uint64(d.Revision))); before >= d.Revision {
					t.Errorf("revision %d came after %d", d.Revision, before)
				}
				holders[d.Partition].Add(-1)
				finish(t, d)
				if count.Add(1) == entries {
					cancel()
				}
			}
		})
	}
	for i := range entries {
		put(t, l, fmt.Sprint("key-", i), "x", 0)
	}
	wg.Wait()
	if n := count.Load(); n != entries {
		t.Errorf("%d entries were done, want %d", n, entries)
	}
}
