package journal

import (
	"context"
	"errors"
	"testing"
	"time"
)

// long is an AckWait that no test outlives: an entry that nobody gives back would end the test by its limit.
const long = time.Hour

func openCursor(t testing.TB, l *Ledger, cfg CursorConfig) *Cursor {
	t.Helper()
	if cfg.Name == "" {
		cfg.Name = "wechat"
	}
	if cfg.AckWait == 0 {
		cfg.AckWait = long
	}
	c, err := l.Cursor(testContext(t), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func next(t testing.TB, c *Cursor, want Revision, attempt int) *Delivery {
	t.Helper()
	d, err := c.Next(testContext(t))
	if err != nil {
		t.Fatal(err)
	}
	if d.Revision != want || d.Attempt != attempt {
		t.Fatalf("revision %d in attempt %d, want %d in attempt %d", d.Revision, d.Attempt, want, attempt)
	}
	return d
}

func finish(t testing.TB, d *Delivery) {
	t.Helper()
	if err := d.Done(testContext(t)); err != nil {
		t.Fatal(err)
	}
}

// empty checks that nothing is handed out: the cursor has reached the end.
func empty(t testing.TB, c *Cursor) {
	t.Helper()
	if b, err := c.Pending(testContext(t)); err != nil || b != (Backlog{After: b.After}) {
		t.Errorf("backlog at the end: %+v, %v", b, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if d, err := c.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("next at the end: %+v, %v", d, err)
	}
}

func TestCursorGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	dir, wait := t.TempDir(), long
	j := open(t, dir)
	l := openLedger(t, j, LedgerConfig{Partitions: 1})
	first := put(t, l, "a", "one", 0)
	second := put(t, l, "a", "two", first)
	c := openCursor(t, l, CursorConfig{AckWait: wait})
	b, err := c.Pending(t.Context())
	oldest, _ := l.Read(t.Context(), first)
	if err != nil || b.Entries != 2 || !b.Oldest.Equal(oldest.StoredAt) {
		t.Errorf("backlog: %+v, %v; the oldest is of %v", b, err, oldest.StoredAt)
	}
	d := next(t, c, first, 1)
	if d.Key != "a" || string(d.Data) != "one" || !d.StoredAt.Equal(oldest.StoredAt) {
		t.Errorf("delivery: %+v", d.Entry)
	}
	if b, err := c.Pending(t.Context()); err != nil || b.Entries != 2 {
		t.Errorf("backlog with an entry held: %+v, %v", b, err)
	}
	finish(t, d)
	if err := d.Done(t.Context()); !errors.Is(err, ErrLapsed) {
		t.Errorf("done twice: %v", err)
	}
	shut(t, j)

	l = openLedger(t, open(t, dir), LedgerConfig{Partitions: 1})
	c = openCursor(t, l, CursorConfig{From: FromNew(), AckWait: wait}) // it exists, so From says nothing
	finish(t, next(t, c, second, 1))
	empty(t, c)
}

func TestCursorBeginsWhereAsked(t *testing.T) {
	t.Parallel()
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 1})
	first := put(t, l, "a", "one", 0)
	second := put(t, l, "a", "two", first)
	cursors := map[string]*Cursor{
		"start":    openCursor(t, l, CursorConfig{Name: "start"}),
		"new":      openCursor(t, l, CursorConfig{Name: "new", From: FromNew()}),
		"revision": openCursor(t, l, CursorConfig{Name: "revision", From: FromRevision(second)}),
	}
	third := put(t, l, "a", "three", second)
	for name, want := range map[string]Revision{"start": first, "new": third, "revision": second} {
		next(t, cursors[name], want, 1)
		if b, err := cursors[name].Pending(t.Context()); err != nil || b.Entries != uint64(third-want+1) {
			t.Errorf("%s: backlog %+v, %v", name, b, err)
		}
	}
}

// TestRetryKeepsTheOrder gives an entry back several times: the same comes again, nothing of its partition overtakes it,
// and another partition goes on meanwhile.
func TestRetryKeepsTheOrder(t *testing.T) {
	t.Parallel()
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 2})
	ours, other := "a", "b"
	if l.Partition(ours) == l.Partition(other) {
		t.Fatal("both keys are in one partition")
	}
	first := put(t, l, ours, "one", 0)
	second := put(t, l, ours, "two", first)
	elsewhere := put(t, l, other, "x", 0)
	c := openCursor(t, l, CursorConfig{Partition: l.Partition(ours)})
	for attempt := range 5 {
		if err := next(t, c, first, attempt+1).Retry(t.Context(), time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	if err := next(t, c, first, 6).Retry(t.Context(), long); err != nil {
		t.Fatal(err)
	}
	finish(t, next(t, openCursor(t, l, CursorConfig{Partition: l.Partition(other)}), elsewhere, 1))
	finish(t, next(t, openCursor(t, l, CursorConfig{Name: "suishenban", Partition: l.Partition(ours)}), first, 1))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if d, err := c.Next(ctx); err == nil {
		t.Errorf("revision %d overtook %d or came too early; the other is %d", d.Revision, first, second)
	}
}

func TestDamagedEntryIsNotPassedOver(t *testing.T) {
	t.Parallel()
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 1})
	if _, err := l.journal.js.Publish(t.Context(), l.subject("a"), []byte("not an entry of ours")); err != nil {
		t.Fatal(err)
	}
	put(t, l, "b", "x", 0)
	c := openCursor(t, l, CursorConfig{AckWait: shortestAckWait})
	for range 2 {
		if d, err := c.Next(testContext(t)); !errors.Is(err, ErrCorrupt) {
			t.Errorf("next at a damaged entry: %+v, %v", d, err)
		}
	}
}

func TestNextEndsWithTheJournal(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	c := openCursor(t, openLedger(t, j, LedgerConfig{}), CursorConfig{})
	result := make(chan error, 1)
	go func() {
		_, err := c.Next(context.Background())
		result <- err
	}()
	awaitReader(t, c)
	shut(t, j)
	if err := <-result; !errors.Is(err, ErrClosed) {
		t.Errorf("next of a closed journal: %v", err)
	}
	if _, err := c.Next(t.Context()); err == nil {
		t.Error("next after close found something")
	}
}

// awaitReader returns once a reader waits in Next.
func awaitReader(t *testing.T, c *Cursor) {
	t.Helper()
	for waiting := 0; waiting == 0; {
		info, err := c.consumer.Info(testContext(t))
		if err != nil {
			t.Fatal(err)
		}
		waiting = info.NumWaiting
	}
}
