package journal

import (
	"testing"
	"time"
)

// TestRestartGivesBackWhatWasHeld ends a journal in which a reader holds an entry. AckWait is an hour: without a word of the next
// process nobody would get the entry.
func TestRestartGivesBackWhatWasHeld(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir)
	l := openLedger(t, j, LedgerConfig{Partitions: 1})
	first := put(t, l, "a", "one", 0)
	second := put(t, l, "a", "two", first)
	next(t, openCursor(t, l, CursorConfig{}), first, 1)
	shut(t, j)

	j = open(t, dir)
	l = openLedger(t, j, LedgerConfig{Partitions: 1})
	c := openCursor(t, l, CursorConfig{})
	d := next(t, c, first, 2)
	openCursor(t, l, CursorConfig{}) // opening it again takes nothing away
	if err := d.Working(t.Context()); err != nil {
		t.Fatal(err)
	}
	finish(t, d)
	finish(t, next(t, c, second, 1))
	empty(t, c)
}

// TestStopLeavesNothingWaiting stops right after an entry is done, many times: the engine must have heard of it, or it would wait
// for the reader of the past until AckWait, an hour, is over.
func TestStopLeavesNothingWaiting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for range 10 {
		j := open(t, dir)
		l := openLedger(t, j, LedgerConfig{Partitions: 1})
		last, _ := l.Last(t.Context(), "a")
		revision := put(t, l, "a", "x", last.Revision)
		c := openCursor(t, l, CursorConfig{})
		if info, err := c.consumer.Info(t.Context()); err != nil || info.NumAckPending != 0 {
			t.Errorf("the engine still waits for %d entries, %v", info.NumAckPending, err)
		}
		finish(t, next(t, c, revision, 1))
		shut(t, j)
	}
}

// TestLeaseIsRenewed holds an entry in a cluster for several leases: nobody else gets it, and it is still ours.
func TestLeaseIsRenewed(t *testing.T) {
	t.Parallel()
	nodes := openCluster(t)
	cfg := LedgerConfig{Name: "licences", Partitions: 1}
	ours, theirs := openLedger(t, nodes[0], cfg), openLedger(t, nodes[1], cfg)
	first := put(t, ours, "a", "one", 0)
	d := next(t, openCursor(t, ours, CursorConfig{}), first, 1)
	taken := make(chan error, 1)
	other := openCursor(t, theirs, CursorConfig{})
	go func() {
		got, err := other.Next(testContext(t))
		if err == nil {
			err = got.Done(testContext(t))
		}
		taken <- err
	}()
	held := time.NewTimer(2 * sharedLease)
	defer held.Stop()
	select {
	case err := <-taken:
		t.Fatalf("somebody else got it: %v", err)
	case <-held.C:
	}
	second := put(t, theirs, "a", "two", first)
	finish(t, d)
	if err := <-taken; err != nil {
		t.Error(err)
	}
	if b, err := other.Pending(testContext(t)); err != nil || b.Entries != 0 {
		t.Errorf("after revision %d: %+v, %v", second, b, err)
	}
}
