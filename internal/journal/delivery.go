package journal

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// Delivery is an entry that the reader holds until Done, Retry, or until AckWait passes without Working.
type Delivery struct {
	Entry

	// Attempt counts the deliveries of this entry to this cursor, from 1. After a crash some may be forgotten.
	Attempt int

	cursor *Cursor
	reply  string // where the engine takes the outcome

	ended chan struct{} // closed when it is done or given back

	mu    sync.Mutex
	held  time.Time // until when we hold it; zero when given back. By the monotonic clock: it is compared with the engine's
	limit time.Time // until when it is kept held without a word of the reader

	reached Revision // what Advance made durable; 0: nothing
}

// What the engine understands about a delivery.
const (
	verbDone    = "+ACK"
	verbRetry   = "-NAK"
	verbWorking = "+WPI"
)

func (c *Cursor) delivery(msg *nats.Msg, asked time.Time) (*Delivery, error) {
	meta, err := msg.Metadata()
	if err != nil {
		return nil, fmt.Errorf("read position: %w", err)
	}
	s, err := decodeStored(msg.Subject, msg.Data, c.stream.revision(meta.Sequence.Stream), meta.Timestamp)
	if err != nil {
		return nil, err
	}
	return &Delivery{Entry: s.entry(), Attempt: int(meta.NumDelivered), cursor: c, reply: msg.Reply,
		ended: make(chan struct{}), held: asked.Add(c.lease), limit: asked.Add(c.cfg.AckWait)}, nil
}

// Done says that the entry needs no more work. It returns after that is durable: the cursor then never hands this entry out
// again, and goes on to the next. ErrLapsed: the entry was held too long and nothing was recorded. ErrUncertain: it may be
// recorded; Done may be called again.
func (d *Delivery) Done(ctx context.Context) error {
	if err := d.check(); err != nil {
		return err
	}
	row := done{epoch: d.cursor.epoch, upTo: d.Revision}
	if err := d.cursor.progress.put(ctx, d.Partition, row); err != nil {
		return d.wrap("finish", err)
	}
	d.acknowledge()
	return nil
}

// Retry gives the entry back; it is handed out again after this time, in a cluster maybe to another node. Until then the
// cursor's partition waits, other partitions and cursors do not. After a crash it may come sooner.
func (d *Delivery) Retry(ctx context.Context, after time.Duration) error {
	if err := d.check(); err != nil {
		return err
	}
	order := fmt.Sprintf(`%s {"delay":%d}`, verbRetry, max(after, 0).Nanoseconds())
	if err := d.tell(ctx, order); err != nil {
		return d.wrap("give back", err)
	}
	d.end()
	return nil
}

// Working holds the entry for another AckWait. Call it about three times per AckWait during long work.
func (d *Delivery) Working(ctx context.Context) error {
	if err := d.check(); err != nil {
		return err
	}
	asked := time.Now()
	if err := d.tell(ctx, verbWorking); err != nil {
		return d.wrap("hold", err)
	}
	d.hold(asked.Add(d.cursor.lease), asked.Add(d.cursor.cfg.AckWait))
	return nil
}

// Holds tells whether the entry is still ours.
func (d *Delivery) Holds() bool { return d.check() == nil }

// check returns ErrLapsed when somebody else may hold the entry.
func (d *Delivery) check() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if time.Now().After(d.held) {
		return d.wrap("use", ErrLapsed)
	}
	return nil
}

// hold extends what is held. It does not come back when it has ended.
func (d *Delivery) hold(until, limit time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.held.IsZero() {
		d.held, d.limit = until, limit
	}
}

// end says that we do not hold the entry any more.
func (d *Delivery) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.held.IsZero() {
		d.held = time.Time{}
		close(d.ended)
	}
}

// tell returns after the engine has taken the order.
func (d *Delivery) tell(ctx context.Context, order string) error {
	ctx, cancel := context.WithTimeout(ctx, d.cursor.ledger.journal.cfg.writing().limit)
	defer cancel()
	_, err := d.cursor.conn.RequestWithContext(ctx, d.reply, []byte(order))
	return err
}

// acknowledge lets the engine go on. Whether it hears it does not matter: if the word is lost, the entry comes once more
// and is recognised as done. But a stop waits for the engine's answer: without it the engine could wait for us at the next
// start.
func (d *Delivery) acknowledge() {
	d.end()
	d.cursor.ledger.words.say(func() {
		ctx, cancel := context.WithTimeout(context.Background(), lastWord)
		defer cancel()
		_ = d.tell(ctx, verbDone)
	})
}

// giveBack lets the engine hand the entry out again at once.
func (d *Delivery) giveBack() error {
	d.end()
	return d.cursor.conn.Publish(d.reply, []byte(verbRetry))
}

func (d *Delivery) wrap(doing string, err error) error {
	c := d.cursor
	return fmt.Errorf("%s revision %d of ledger %s for cursor %s: %w", doing, d.Revision, c.ledger.cfg.Name, c.cfg.Name, err)
}
