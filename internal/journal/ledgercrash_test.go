package journal

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

const (
	crashKeys       = 200
	crashPartitions = 4
	filledEntries   = 1280
	advancedAtOnce  = 3
)

// playLedgerRole returns only on an error, except from roleFill: the parent kills the process. A line is written only after the
// acknowledgement, by one write call.
func playLedgerRole(role string, j *Journal) error {
	l, err := j.Ledger(context.Background(), LedgerConfig{Name: "licences", Partitions: crashPartitions})
	if err != nil {
		return err
	}
	workers, work := 64, putForEver
	switch role {
	case roleRead:
		workers, work = crashPartitions, readForEver
	case roleAdvance:
		workers, work = crashPartitions, advanceForEver
	case roleFill:
		return fillLedger(l, filledEntries)
	}
	failures := make(chan error, workers)
	for worker := range workers {
		go func() { failures <- work(l, worker) }()
	}
	return <-failures
}

// putForEver races with the other workers for each revision of any key.
func putForEver(l *Ledger, worker int) error {
	ctx := context.Background()
	for {
		key := fmt.Sprint("key-", rand.IntN(crashKeys))
		last, err := l.Last(ctx, key)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		revision, err := l.Put(ctx, key, fmt.Append(nil, worker), last.Revision)
		if errors.Is(err, ErrConflict) {
			continue
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stdout, "%s %d %d\n", key, last.Revision, revision)
	}
}

func readForEver(l *Ledger, partition int) error {
	ctx := context.Background()
	c, err := l.Cursor(ctx, CursorConfig{Name: "wechat", Partition: partition, AckWait: shortestAckWait * 10})
	if err != nil {
		return err
	}
	for {
		d, err := c.Next(ctx)
		if err == nil {
			err = d.Done(ctx)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stdout, "%d %d\n", d.Partition, d.Revision)
	}
}

// TestKillLosesNoAcknowledgedEntry kills writers that race for the keys. Every acknowledged entry must be there, as the
// only one that follows what it followed, and each key's history must be whole.
func TestKillLosesNoAcknowledgedEntry(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	wins := make(map[string]Revision)
	for _, n := range []int{1, 300, 1500} {
		for _, line := range killAtWork(t, rolePut, dir, n) {
			var key string
			var follows, revision Revision
			if _, err := fmt.Sscanf(line, "%s %d %d\n", &key, &follows, &revision); err != nil {
				t.Fatalf("child printed %q: %v", line, err)
			}
			place := fmt.Sprint(key, " after ", follows)
			if other, taken := wins[place]; taken {
				t.Fatalf("%s: both %d and %d were acknowledged", place, other, revision)
			}
			wins[place] = revision
		}
		j := open(t, dir)
		checkHistory(t, openLedger(t, j, LedgerConfig{Partitions: crashPartitions}), wins)
		shut(t, j)
	}
}

// TestKillRepeatsNothingThatIsDone kills readers, such that take one entry at a time and such that hold a partition and advance. What was
// done before a kill never comes again, what was not comes, and the order is kept.
func TestKillRepeatsNothingThatIsDone(t *testing.T) {
	t.Parallel()
	for role, atOnce := range map[string]int{roleRead: 1, roleAdvance: advancedAtOnce} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			const entries = 2000
			j := open(t, dir)
			if err := fillLedger(openLedger(t, j, LedgerConfig{Partitions: crashPartitions}), entries); err != nil {
				t.Fatal(err)
			}
			shut(t, j)
			var reached [crashPartitions]Revision
			total := 0
			for _, n := range []int{1, 100, 500} {
				total += readUntilKilled(t, role, dir, n, &reached)
			}
			j = open(t, dir)
			rest := readRest(t, openLedger(t, j, LedgerConfig{Partitions: crashPartitions}), reached)
			if unheard := entries - total - rest; unheard < 0 || unheard > 3*crashPartitions*atOnce {
				t.Errorf("%d of %d entries were done before the kills and %d after", total, entries, rest)
			}
		})
	}
}

// readUntilKilled has a child read at least n entries, and gives how many it said were done.
func readUntilKilled(t *testing.T, role, dir string, n int, reached *[crashPartitions]Revision) (total int) {
	t.Helper()
	for _, line := range killAtWork(t, role, dir, n) {
		var partition int
		var revision Revision
		if _, err := fmt.Sscanf(line, "%d %d\n", &partition, &revision); err != nil {
			t.Fatalf("child printed %q: %v", line, err)
		}
		if revision <= reached[partition] {
			t.Fatalf("partition %d: revision %d came after %d", partition, revision, reached[partition])
		}
		reached[partition] = revision
		total++
	}
	return total
}

// advanceForEver takes a partition and goes on in it, some entries at a time.
func advanceForEver(l *Ledger, partition int) error {
	ctx := context.Background()
	c, err := l.Cursor(ctx, CursorConfig{Name: "wechat", Partition: partition})
	if err != nil {
		return err
	}
	d, err := c.Next(ctx)
	if err != nil {
		return err
	}
	for done := []Entry{d.Entry}; ; {
		last := done[len(done)-1].Revision
		if err := d.Advance(ctx, last); err != nil {
			return err
		}
		var lines []byte
		for _, entry := range done {
			lines = fmt.Appendf(lines, "%d %d\n", partition, entry.Revision)
		}
		if _, err := os.Stdout.Write(lines); err != nil { // in one piece
			return err
		}
		if done, err = c.After(ctx, last, advancedAtOnce); err != nil {
			return err
		}
		if len(done) == 0 {
			select {} // until it is killed
		}
	}
}

// readRest reads every partition to its end. An entry that was done while its reader was killed was not printed, so up to
// one per partition and kill is missing.
func readRest(t *testing.T, l *Ledger, reached [crashPartitions]Revision) (n int) {
	t.Helper()
	for partition := range l.Partitions() {
		c := openCursor(t, l, CursorConfig{Partition: partition, AckWait: shortestAckWait * 10})
		for {
			b, err := c.Pending(testContext(t))
			if err != nil {
				t.Fatal(err)
			}
			if b.Entries == 0 {
				break
			}
			d, err := c.Next(testContext(t))
			if err != nil {
				t.Fatal(err)
			}
			if d.Revision <= reached[partition] {
				t.Fatalf("partition %d: revision %d came after %d", partition, d.Revision, reached[partition])
			}
			reached[partition] = d.Revision
			finish(t, d)
			n++
		}
	}
	return n
}

// fillLedger puts one entry of 1 KB under each of n keys, from 64 callers at once.
func fillLedger(l *Ledger, n int) error {
	var wg sync.WaitGroup
	failures := make(chan error, 64)
	for caller := range 64 {
		wg.Go(func() {
			for i := caller; i < n; i += 64 {
				if _, err := l.Put(context.Background(), fmt.Sprint("key-", i), make([]byte, 1024), 0); err != nil {
					failures <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(failures)
	return <-failures
}

// TestEachBatchIsSynced counts the system calls of a child whose 64 writers share batches. kill -9 proves that nothing
// waits in the process; this proves that nothing waits in the kernel.
func TestEachBatchIsSynced(t *testing.T) {
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed, so system calls cannot be counted")
	}
	if out, err := exec.CommandContext(t.Context(), strace, "-f", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here: %v\n%s", err, out)
	}
	trace := filepath.Join(t.TempDir(), "trace")
	cmd := child(t, roleFill, t.TempDir(), strace, "-f", "-y", "-e", "trace=fsync,fdatasync", "-o", trace)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("traced child: %v\n%s", err, out)
	}
	syncs := countSyncs(t, trace, "ledger-licences-")
	if syncs < filledEntries/64 { // no more than the 64 that wait can share a sync
		t.Errorf("%d entries were acknowledged after %d syncs of their file", filledEntries, syncs)
	}
}
