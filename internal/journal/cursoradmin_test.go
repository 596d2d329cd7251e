package journal

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

func TestDeletedCursorBeginsAgain(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 2})
	first := put(t, l, "a", "one", 0)
	second := put(t, l, "a", "two", first)
	cfg := CursorConfig{Name: "new-wechat", Partition: l.Partition("a")}
	c := openCursor(t, l, cfg)
	openCursor(t, l, CursorConfig{Name: "suishenban"})
	openCursor(t, l, CursorConfig{Name: "suishenban", Partition: 1})
	finish(t, next(t, c, first, 1))
	held := next(t, c, second, 1)
	if names, err := l.Cursors(ctx); err != nil || !slices.Equal(names, []string{"new-wechat", "suishenban"}) {
		t.Errorf("cursors: %v, %v", names, err)
	}
	for range 2 { // the second time there is nothing to delete
		if err := l.DeleteCursor(ctx, "new-wechat"); err != nil {
			t.Fatal(err)
		}
	}
	if names, err := l.Cursors(ctx); err != nil || !slices.Equal(names, []string{"suishenban"}) {
		t.Errorf("cursors after one was deleted: %v, %v", names, err)
	}
	if _, err := c.Next(ctx); !errors.Is(err, ErrNotFound) {
		t.Errorf("next of a deleted cursor: %v", err)
	}
	if _, err := c.Pending(ctx); !errors.Is(err, ErrNotFound) {
		t.Errorf("backlog of a deleted cursor: %v", err)
	}
	c = openCursor(t, l, cfg)
	finish(t, held) // what its predecessor still does says nothing about it
	finish(t, next(t, c, first, 1))
	finish(t, next(t, c, second, 1))
	empty(t, c)
}

// TestInterruptedDeletionIsFinished takes the state of a crash in the middle of DeleteCursor.
func TestInterruptedDeletionIsFinished(t *testing.T) {
	t.Parallel()
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 1})
	first := put(t, l, "a", "one", 0)
	second := put(t, l, "a", "two", first)
	finish(t, next(t, openCursor(t, l, CursorConfig{}), first, 1))
	if err := l.forget(testContext(t), "wechat"); err != nil {
		t.Fatal(err)
	}
	c := openCursor(t, l, CursorConfig{})
	finish(t, next(t, c, first, 1))
	finish(t, next(t, c, second, 1))
	empty(t, c)
}

func TestNextOfACursorThatIsDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 1})
	c := openCursor(t, l, CursorConfig{})
	result := make(chan error, 1)
	go func() {
		_, err := c.Next(ctx)
		result <- err
	}()
	awaitReader(t, c)
	if err := l.DeleteCursor(ctx, "wechat"); err != nil {
		t.Fatal(err)
	}
	if err := <-result; !errors.Is(err, ErrNotFound) {
		t.Errorf("next: %v", err)
	}
}

// TestForgottenAcknowledgementIsRemembered takes the state of a crash between our write and the engine's: done, but the
// engine hands the entry out again.
func TestForgottenAcknowledgementIsRemembered(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	j := open(t, t.TempDir())
	l := openLedger(t, j, LedgerConfig{Partitions: 1})
	first := put(t, l, "a", "one", 0)
	second := put(t, l, "a", "two", first)
	cfg := CursorConfig{AckWait: 200 * time.Millisecond}
	c, other := openCursor(t, l, cfg), openCursor(t, secondNode(t, j, LedgerConfig{Partitions: 1}), cfg)
	d := next(t, c, first, 1)
	if err := c.progress.put(ctx, 0, done{epoch: c.epoch, upTo: first}); err != nil {
		t.Fatal(err)
	}
	if b, err := c.Pending(ctx); err != nil || b.Entries != 1 {
		t.Errorf("backlog: %+v, %v", b, err)
	}
	if err := d.giveBack(); err != nil {
		t.Fatal(err)
	}
	finish(t, next(t, other, second, 1)) // this node was open before and had not seen it done
	empty(t, other)
}

func TestCursorSettingsAreChecked(t *testing.T) {
	t.Parallel()
	ctx := testContext(t)
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 1})
	for name, weaken := range map[string]func(*jetstream.ConsumerConfig){
		"ack-all":   func(c *jetstream.ConsumerConfig) { c.AckPolicy = jetstream.AckAllPolicy },
		"many-held": func(c *jetstream.ConsumerConfig) { c.MaxAckPending = 2 },
		"gives-up":  func(c *jetstream.ConsumerConfig) { c.MaxDeliver = 5 },
		"one-key":   func(c *jetstream.ConsumerConfig) { c.FilterSubject = "ledger.licences.0.a" },
		"memory":    func(c *jetstream.ConsumerConfig) { c.MemoryStorage = true },
		"ends":      func(c *jetstream.ConsumerConfig) { c.InactiveThreshold = time.Hour },
		"foreign":   func(c *jetstream.ConsumerConfig) { c.Metadata = nil },
	} {
		cfg, err := CursorConfig{Name: name}.withDefaults(1)
		if err != nil {
			t.Fatal(err)
		}
		weak := cfg.consumer(l.parts[0].stream.numbering, done{}, defaultAckWait)
		weaken(&weak)
		if _, err := l.parts[0].stream.stream.CreateConsumer(ctx, weak); err != nil {
			t.Errorf("%s: make the consumer: %v", name, err)
			continue
		}
		if _, err := l.Cursor(ctx, CursorConfig{Name: name}); !errors.Is(err, ErrWeakSettings) {
			t.Errorf("%s: opened with %v", name, err)
		}
	}
	for name, cfg := range map[string]CursorConfig{
		"no name":            {},
		"negative partition": {Name: "a", Partition: -1},
		"no such partition":  {Name: "a", Partition: 1},
		"short AckWait":      {Name: "a", AckWait: time.Millisecond},
	} {
		if _, err := l.Cursor(ctx, cfg); err == nil {
			t.Errorf("%s: the cursor was opened", name)
		}
	}
	if err := l.DeleteCursor(ctx, "Not a name"); err == nil {
		t.Error("a cursor without a valid name was deleted")
	}
}

func TestAckWaitMayBeChanged(t *testing.T) {
	t.Parallel()
	l := openLedger(t, open(t, t.TempDir()), LedgerConfig{Partitions: 1})
	revision := put(t, l, "a", "one", 0)
	openCursor(t, l, CursorConfig{AckWait: time.Hour})
	next(t, openCursor(t, l, CursorConfig{AckWait: shortestAckWait}), revision, 1)
	next(t, openCursor(t, l, CursorConfig{AckWait: shortestAckWait}), revision, 2)
}
