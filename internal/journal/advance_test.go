package journal

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// fillPartition puts so many entries of as many keys into a ledger of one partition.
func fillPartition(t testing.TB, l *Ledger, count int) (revisions []Revision) {
	t.Helper()
	for i := range count {
		revisions = append(revisions, put(t, l, fmt.Sprint("key-", i), "x", 0))
	}
	return revisions
}

// TestAdvanceOutlivesTheHold: what was advanced over is not handed out again, however the hold ends, and what comes after it is.
func TestAdvanceOutlivesTheHold(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*testing.T, *Delivery) error{
		"left":       func(t *testing.T, d *Delivery) error { return d.Leave(t.Context()) },
		"given back": func(t *testing.T, d *Delivery) error { return d.Retry(t.Context(), 0) },
		"lapsed":     func(*testing.T, *Delivery) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 1})
			revisions := fillPartition(t, l, 6)
			c := openCursor(t, l, CursorConfig{AckWait: time.Second})
			d := next(t, c, revisions[0], 1)
			for _, upTo := range []Revision{revisions[1], revisions[3], revisions[2]} { // one that came late changes nothing
				if err := d.Advance(t.Context(), upTo); err != nil {
					t.Fatal(err)
				}
			}
			if b, err := c.Pending(t.Context()); err != nil || b.Entries != 2 {
				t.Errorf("backlog while it is held: %+v, %v", b, err)
			}
			if err := end(t, d); err != nil {
				t.Fatal(err)
			}
			finish(t, next(t, c, revisions[4], 1))
			finish(t, next(t, c, revisions[5], 1))
			empty(t, c)
		})
	}
}

// TestAdvanceOutlivesAStop takes the state of a process that ended while it held a partition and had advanced; kills are in
// TestKillRepeatsNothingThatIsDone.
func TestAdvanceOutlivesAStop(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir)
	l := openLedger(t, j, LedgerConfig{Partitions: 1})
	revisions := fillPartition(t, l, 4)
	d := next(t, openCursor(t, l, CursorConfig{}), revisions[0], 1)
	if err := d.Advance(t.Context(), revisions[2]); err != nil {
		t.Fatal(err)
	}
	shut(t, j)
	c := openCursor(t, openLedger(t, open(t, dir), LedgerConfig{Partitions: 1}), CursorConfig{})
	finish(t, next(t, c, revisions[3], 1))
	empty(t, c)
}

// TestEngineThatDoesNotMove hands out one by one what was advanced over; nothing of it is seen.
func TestEngineThatDoesNotMove(t *testing.T) {
	t.Parallel()
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 1})
	fillPartition(t, l, 1)
	c := openCursor(t, l, CursorConfig{From: FromNew()}) // such a consumer can't be moved
	var revisions []Revision
	for i := range 5 {
		revisions = append(revisions, put(t, l, fmt.Sprint("later-", i), "x", 0))
	}
	d := next(t, c, revisions[0], 1)
	if err := errors.Join(d.Advance(t.Context(), revisions[3]), d.Leave(t.Context())); err != nil {
		t.Fatal(err)
	}
	finish(t, next(t, c, revisions[4], 1))
	if !c.noSkip.Load() {
		t.Error("the engine moved it after all: the test shows nothing")
	}
}

func TestAdvanceIsChecked(t *testing.T) {
	t.Parallel()
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 2})
	first := put(t, l, "a", "x", 0)
	put(t, l, "a", "y", first)
	c := openCursor(t, l, CursorConfig{Partition: l.Partition("a")})
	d := next(t, c, first, 1)
	for _, upTo := range []Revision{0, first + 1} {
		if err := d.Advance(t.Context(), upTo); err == nil {
			t.Errorf("advanced to %d", upTo)
		}
	}
	finish(t, d)
	if err := d.Advance(t.Context(), first); !errors.Is(err, ErrLapsed) {
		t.Errorf("advance of what is not held: %v", err)
	}
	if err := d.Leave(t.Context()); !errors.Is(err, ErrLapsed) {
		t.Errorf("left what is not held: %v", err)
	}
}

// TestAfterReadsAhead in pieces of every size, from what is kept and from the engine.
func TestAfterReadsAhead(t *testing.T) {
	t.Parallel()
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 1})
	want := fillPartition(t, l, 3*recentEntries)
	for _, limit := range []int{1, 7, recentEntries, 2 * recentEntries, 1000} {
		for range 2 { // the second time some is known
			c := openCursor(t, l, CursorConfig{})
			var got []Revision
			for place := Revision(0); ; place = got[len(got)-1] {
				entries, err := c.After(t.Context(), place, limit)
				if err != nil {
					t.Fatal(err)
				}
				if len(entries) == 0 {
					break
				}
				for _, e := range entries {
					if string(e.Data) != "x" || e.StoredAt.IsZero() || e.Key != fmt.Sprint("key-", len(got)) {
						t.Fatalf("entry %+v", e)
					}
					got = append(got, e.Revision)
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("limit %d: read %v", limit, got)
			}
		}
	}
}

// TestNewsOfAnotherOpening: a reader hears of what any opening of the ledger stores.
func TestNewsOfAnotherOpening(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	l := openLedger(t, j, LedgerConfig{Partitions: 1})
	c := openCursor(t, l, CursorConfig{})
	news := c.News()
	if entries, err := c.After(t.Context(), 0, 10); err != nil || len(entries) != 0 {
		t.Fatalf("read %v, %v", entries, err)
	}
	revision := put(t, openLedger(t, j, LedgerConfig{Partitions: 1}), "a", "x", 0)
	<-news
	entries, err := c.After(t.Context(), 0, 10)
	if err != nil || len(entries) != 1 || entries[0].Revision != revision {
		t.Errorf("read %v, %v", entries, err)
	}
}

// TestAfterStopsAtDamage and gives what comes before it.
func TestAfterStopsAtDamage(t *testing.T) {
	t.Parallel()
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 1})
	fillPartition(t, l, 2)
	if _, err := l.journal.js.Publish(t.Context(), l.subject("bad"), []byte("not an entry of ours")); err != nil {
		t.Fatal(err)
	}
	put(t, l, "later", "x", 0)
	entries, err := openCursor(t, l, CursorConfig{}).After(t.Context(), 0, 10)
	if len(entries) != 2 || !errors.Is(err, ErrCorrupt) {
		t.Errorf("read %d entries, %v", len(entries), err)
	}
}
