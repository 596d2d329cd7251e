package journal

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Cursor is the place of one reader in one partition of a ledger. It hands out one entry at a time, in the order of
// writing, until that entry is done; the place survives restarts. Several processes may share a cursor: an entry is held by
// one of them. Its methods may be called concurrently. It needs no closing.
type Cursor struct {
	cfg      CursorConfig
	lease    time.Duration // after which the engine hands an entry to somebody else
	ledger   *Ledger
	stream   *ledgerStream
	conn     *nats.Conn
	subject  string      // where entries are asked for
	reset    string      // where a new place is asked for
	noSkip   atomic.Bool // the engine has refused to move the place
	epoch    uint64
	progress *progress
	consumer jetstream.Consumer
}

// Cursor opens the cursor of this name and partition, creating it where cfg.From says when it does not exist.
//
// Errors: ErrWeakSettings when the stored cursor could lose order or its place.
func (l *Ledger) Cursor(ctx context.Context, cfg CursorConfig) (*Cursor, error) {
	cfg, err := cfg.withDefaults(l.cfg.Partitions)
	if err != nil {
		return nil, err
	}
	var c *Cursor
	err = l.journal.settle(ctx, "cursor "+cfg.durable(), func(ctx context.Context) (err error) {
		c, err = l.openCursor(ctx, cfg)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open cursor %s of ledger %s, partition %d: %w", cfg.Name, l.cfg.Name, cfg.Partition, err)
	}
	return c, nil
}

func (l *Ledger) openCursor(ctx context.Context, cfg CursorConfig) (*Cursor, error) {
	p, err := l.progressOf(ctx, cfg.Name)
	if err != nil {
		return nil, err
	}
	row, err := p.get(ctx, cfg.Partition)
	if err != nil {
		return nil, err
	}
	stream, lease := l.parts[cfg.Partition].stream, l.journal.lease(cfg.AckWait)
	consumer, err := openConsumer(ctx, stream.stream, cfg.consumer(stream.numbering, row, lease))
	if err != nil {
		return nil, err
	}
	js := stream.js
	if err := l.journal.releaseHeld(js.Conn(), consumer.CachedInfo()); err != nil {
		return nil, err
	}
	return &Cursor{cfg: cfg, lease: lease, ledger: l, stream: stream, conn: js.Conn(), subject: nextSubject(js, stream.name(), cfg.durable()),
		reset: resetSubject(js, stream.name(), cfg.durable()), epoch: row.epoch, progress: p, consumer: consumer}, nil
}

// Next waits for the next entry and hands it out. ErrNotFound: the cursor was deleted. ErrClosed: the journal was closed.
// ErrCorrupt: the entry is damaged; the partition stands still until somebody has looked at it, it is not passed over. When
// ctx ends while it waits, nothing is held.
func (c *Cursor) Next(ctx context.Context) (*Delivery, error) {
	for {
		d, err := c.next(ctx)
		if d != nil {
			return d, nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, fmt.Errorf("next of cursor %s of ledger %s, partition %d: %w",
				c.cfg.Name, c.ledger.cfg.Name, c.cfg.Partition, err)
		}
	}
}

// next asks once. It returns nil when nothing came, or only what was done before.
func (c *Cursor) next(ctx context.Context) (*Delivery, error) {
	asked := time.Now() // the engine's clock for this delivery starts later, so we never believe to hold it longer
	msg, err := c.pull(ctx)
	if msg == nil || err != nil {
		return nil, err
	}
	d, err := c.delivery(msg, asked)
	if err != nil {
		return nil, err
	}
	d.keep()
	reached, err := c.finished(ctx, d)
	switch {
	case err != nil:
		return nil, errors.Join(err, d.giveBack())
	case reached >= d.Revision:
		d.passOn(ctx, reached)
		return nil, nil
	}
	return d, nil
}

// finished tells up to where entries were done before, without the engine knowing; 0: none of this one. On one node only an entry that comes a
// second time can have been done by another opening of the cursor; what this one has done, and all before the start, is known.
// In a cluster a new leader may have forgotten that it handed the entry out, so the table is read each time.
func (c *Cursor) finished(ctx context.Context, d *Delivery) (Revision, error) {
	row := c.progress.known(c.cfg.Partition)
	if d.Attempt > 1 || c.ledger.journal.cfg.shared() {
		var err error
		if row, err = c.progress.get(ctx, c.cfg.Partition); err != nil {
			return 0, err
		}
	}
	if row.epoch != c.epoch {
		return 0, nil
	}
	return row.upTo, nil
}
