package journal

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
)

// TestCopyOfAJournalInUse copies while records, entries and cursors go on: the copy is a journal that lacks nothing of what was there
// when it began, and whose cursors claim nothing that it does not hold. A second copy into the same place brings what is new.
func TestCopyOfAJournalInUse(t *testing.T) {
	t.Parallel()
	from, dir := open(t, t.TempDir()), t.TempDir()
	m := fillForMove(t, from)
	log := openLog(t, from, LogConfig{Name: "busy"})
	for range 2 {
		stop := keepBusy(t, from, log)
		to := open(t, dir)
		report, err := (&Migration{From: from, To: to, InUse: true}).Run(testContext(t))
		made := stop()
		if err != nil {
			t.Fatal(err)
		}
		if report.Logs != 2 || report.Partitions != movedPartitions || made == 0 {
			t.Errorf("report %+v, %d entries meanwhile", report, made)
		}
		checkCopy(t, m, to)
		shut(t, to)
	}
	back, to := open(t, dir), open(t, t.TempDir())
	if _, err := (&Migration{From: back, To: to}).Run(testContext(t)); err != nil {
		t.Fatal(err)
	}
	checkCopy(t, m, to)
}

// keepBusy writes records and entries, and does entries by a cursor, until it is told to stop; then it tells how many entries it did.
func keepBusy(t *testing.T, j *Journal, log *Log) (stop func() int) {
	t.Helper()
	l := openLedger(t, j, movedConfig)
	c := openCursor(t, l, CursorConfig{Name: "busy"})
	ctx, cancel := context.WithCancel(testContext(t))
	var under sync.WaitGroup
	began, did := make(chan struct{}), 0
	under.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			key := fmt.Sprint("busy-", log.Head(), "-", n)
			_, logErr := log.Append(ctx, Record{Data: []byte(key)})
			_, putErr := l.Put(ctx, key, []byte(key), 0)
			if err := errors.Join(logErr, putErr); err != nil && ctx.Err() == nil {
				t.Error(err)
				break
			}
			if d, err := c.Next(ctx); err == nil && d.Done(ctx) == nil {
				if did++; did == 1 {
					close(began)
				}
			}
		}
	})
	<-began
	return func() int { cancel(); under.Wait(); return did }
}

// checkCopy holds the copy to what was there before, and each cursor's next entry to what the cursor has done.
func checkCopy(t *testing.T, m *moved, j *Journal) {
	t.Helper()
	reader, err := j.LogReader(testContext(t), "records")
	if err != nil || reader.Head() < uint64(len(m.records)) {
		t.Fatalf("records: %d, %v", reader.Head(), err)
	}
	for index, want := range m.records {
		if r, err := reader.Get(testContext(t), index); err != nil || string(r.Data) != want {
			t.Errorf("record %d: %q, %v", index, r.Data, err)
		}
	}
	l := openLedger(t, j, movedConfig)
	for _, want := range m.history {
		if got, err := l.Read(testContext(t), want.Revision); err != nil || same(got, want) != nil {
			t.Errorf("entry %+v, %v; want %+v", got, err, want)
		}
	}
	row, err := openCursor(t, l, CursorConfig{Name: "busy"}).progress.get(testContext(t), 0)
	if err != nil || row.upTo == 0 {
		t.Fatalf("done %+v, %v", row, err)
	}
	if _, err := l.Read(testContext(t), row.upTo); err != nil {
		t.Errorf("the copy lacks what its cursor has done: %v", err)
	}
}

func TestCopyRefusesATargetThatWentOn(t *testing.T) {
	t.Parallel()
	from, to := open(t, t.TempDir()), open(t, t.TempDir())
	appendAll(t, openLog(t, from, LogConfig{}), 4, 300)
	if _, err := (&Migration{From: from, To: to}).Run(testContext(t)); err != nil {
		t.Fatal(err)
	}
	appendAll(t, openLog(t, to, LogConfig{}), 1, 1)
	if _, err := (&Migration{From: from, To: to}).Run(testContext(t)); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("into a journal that was used since: %v", err)
	}
}
