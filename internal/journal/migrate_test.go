package journal

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// moved is a journal with something of everything, and what of it must be the same after a migration.
type moved struct {
	records map[uint64]string
	history []Entry
	places  map[string]Revision // by cursor and partition: what comes next, 0 for nothing
}

const movedPartitions = 3

var movedConfig = LedgerConfig{Name: "licences", Partitions: movedPartitions}

func fillForMove(t *testing.T, j *Journal) *moved {
	t.Helper()
	m := &moved{records: appendAll(t, openLog(t, j, LogConfig{}), 8, 700), places: map[string]Revision{}}
	l := openLedger(t, j, movedConfig)
	last := map[string]Revision{}
	put := func(n int) {
		for i := range n {
			key := fmt.Sprint("key-", i%40)
			last[key] = put(t, l, key, fmt.Sprint("value ", i), last[key])
		}
	}
	put(100)
	var fresh []*Cursor
	for partition := range movedPartitions {
		fresh = append(fresh, openCursor(t, l, CursorConfig{Name: "new", Partition: partition, From: FromNew()}))
		openCursor(t, l, CursorConfig{Name: "untouched", Partition: partition})
		c := openCursor(t, l, CursorConfig{Name: "half", Partition: partition})
		for range 3 + partition {
			d, err := c.Next(testContext(t))
			if err != nil {
				t.Fatal(err)
			}
			finish(t, d)
		}
	}
	put(100)
	for partition, c := range fresh {
		for name, skip := range map[string]int{"half": 3 + partition, "untouched": 0} {
			m.places[fmt.Sprint(name, partition)] = m.nth(t, l, partition, skip)
		}
		d, err := c.Next(testContext(t)) // held at the end, not done
		if err != nil {
			t.Fatal(err)
		}
		m.places[fmt.Sprint("new", partition)] = d.Revision
	}
	for partition := range movedPartitions {
		if err := l.ScanSince(testContext(t), partition, 0, func(e Entry) error { m.history = append(m.history, e); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	s := openState(t, j, StateConfig{Name: "watermarks"})
	for i := range 20 {
		if _, err := s.Put(testContext(t), fmt.Sprint("k", i), fmt.Append(nil, i), 0); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := openState(t, j, StateConfig{Name: "passing", Volatile: true}).Put(testContext(t), "k", nil, 0); err != nil {
		t.Fatal(err)
	}
	return m
}

// nth is the revision of the n-th entry of a partition, from 0.
func (m *moved) nth(t *testing.T, l *Ledger, partition, n int) (r Revision) {
	t.Helper()
	err := l.ScanSince(testContext(t), partition, 0, func(e Entry) error {
		if n == 0 {
			r = e.Revision
		}
		n--
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// check uses the target as a gateway would after the move.
func (m *moved) check(t *testing.T, j *Journal) {
	t.Helper()
	reader, err := j.LogReader(testContext(t), "records")
	if err != nil || reader.Head() != uint64(len(m.records)) {
		t.Fatalf("records: %d, %v", reader.Head(), err)
	}
	for index, want := range m.records {
		if r, err := reader.Get(testContext(t), index); err != nil || string(r.Data) != want {
			t.Errorf("record %d: %q, %v", index, r.Data, err)
		}
	}
	l := openLedger(t, j, movedConfig)
	for partition := range movedPartitions {
		for _, name := range []string{"half", "untouched", "new"} {
			c := openCursor(t, l, CursorConfig{Name: name, Partition: partition, From: FromNew()})
			want := m.places[fmt.Sprint(name, partition)]
			if d, err := c.Next(testContext(t)); err != nil || d.Revision != want {
				t.Errorf("cursor %s of partition %d: %+v, %v; want revision %d", name, partition, d, err, want)
			}
		}
	}
	last := map[string]Entry{}
	for _, want := range m.history {
		if got, err := l.Read(testContext(t), want.Revision); err != nil || same(got, want) != nil {
			t.Errorf("entry %+v, %v; want %+v", got, err, want)
		}
		last[want.Key] = want
	}
	for key, e := range last {
		if _, err := l.Put(testContext(t), key, nil, e.Follows); !errors.Is(err, ErrConflict) {
			t.Errorf("a put after an old revision: %v", err)
		}
		put(t, l, key, "after", e.Revision)
	}
	s := openState(t, j, StateConfig{Name: "watermarks"})
	for i := range 20 {
		if v, err := s.Get(testContext(t), fmt.Sprint("k", i)); err != nil || string(v.Data) != fmt.Sprint(i) {
			t.Errorf("state %d: %q, %v", i, v.Data, err)
		}
	}
}

func TestMigrationKeepsEverything(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir)
	m := fillForMove(t, j)
	shut(t, j)
	from, to := open(t, dir), openCluster(t)
	steps := 0
	migration := &Migration{From: from, To: to[0], Progress: func(s MigrationStep) {
		if steps++; s.Done > s.Total || s.Part == "" {
			t.Errorf("step %+v", s)
		}
	}}
	report, err := migration.Run(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	if report.Logs != 1 || report.Partitions != movedPartitions || report.States != 2 || report.Cursors != 3*movedPartitions || steps == 0 {
		t.Errorf("report %+v after %d steps", report, steps)
	}
	again, err := migration.Run(testContext(t))
	if err != nil || again != report {
		t.Errorf("a second time: %+v, %v", again, err)
	}
	m.check(t, to[1])
}

func TestMigrationGoesOnAfterAnInterruption(t *testing.T) {
	t.Parallel()
	fromDir, toDir := t.TempDir(), t.TempDir()
	j := open(t, fromDir)
	m := fillForMove(t, j)
	shut(t, j)
	from := open(t, fromDir)
	for stopAfter := 1; ; stopAfter += 2 {
		to := open(t, toDir)
		ctx, cancel := context.WithCancel(testContext(t))
		steps := 0
		_, err := (&Migration{From: from, To: to, Progress: func(MigrationStep) {
			if steps++; steps == stopAfter {
				cancel()
			}
		}}).Run(ctx)
		cancel()
		shut(t, to)
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	m.check(t, open(t, toDir))
}

func TestMigrationRefusesWhatIsNotEmpty(t *testing.T) {
	t.Parallel()
	from, other, to := open(t, t.TempDir()), open(t, t.TempDir()), open(t, t.TempDir())
	appendAll(t, openLog(t, from, LogConfig{}), 4, 300)
	appendAll(t, openLog(t, to, LogConfig{Name: "mine"}), 1, 1)
	if _, err := (&Migration{From: from, To: to}).Run(testContext(t)); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("into a used journal: %v", err)
	}
	empty := open(t, t.TempDir())
	if _, err := (&Migration{From: from, To: empty}).Run(testContext(t)); err != nil {
		t.Fatal(err)
	}
	if _, err := (&Migration{From: other, To: empty}).Run(testContext(t)); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("from another journal: %v", err)
	}
}

// TestMigrationNoticesADifference puts something else in the place of a message that was not copied yet.
func TestMigrationNoticesADifference(t *testing.T) {
	t.Parallel()
	from, to := open(t, t.TempDir()), open(t, t.TempDir())
	l := openLedger(t, from, LedgerConfig{Name: "licences", Partitions: 1})
	put(t, l, "a", "one", 0)
	m := &Migration{From: from, To: to}
	if err := m.claim(testContext(t)); err != nil {
		t.Fatal(err)
	}
	put(t, openLedger(t, to, LedgerConfig{Name: "licences", Partitions: 1}), "a", "eno", 0)
	if _, err := m.Run(testContext(t)); !errors.Is(err, ErrCorrupt) {
		t.Errorf("with another entry in the target: %v", err)
	}
}
