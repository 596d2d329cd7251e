package journal

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/synadia-io/orbit.go/jetstreamext"
)

// followBytes bounds what one request of many entries brings.
const followBytes = 1 << 20

// News gives a channel that closes when this process stores something in the partition; nil when other processes store there too,
// so that nobody here can tell.
func (c *Cursor) News() <-chan struct{} {
	if c.ledger.journal.cfg.shared() {
		return nil
	}
	return c.ledger.parts[c.cfg.Partition].tail.wait()
}

// After reads up to limit entries that follow a revision in the cursor's partition, in the order of writing, without taking them from
// the cursor; none when there are none yet. Whoever holds the partition may work on them and [Delivery.Advance] over them.
// ErrCorrupt comes with the entries before the damaged one.
func (c *Cursor) After(ctx context.Context, revision Revision, limit int) ([]Entry, error) {
	entries, err := c.ledger.after(ctx, c.cfg.Partition, revision, limit)
	if err != nil {
		return entries, fmt.Errorf("read ahead of cursor %s, partition %d: %w", c.cfg.Name, c.cfg.Partition, err)
	}
	return entries, nil
}

func (l *Ledger) after(ctx context.Context, partition int, revision Revision, limit int) (entries []Entry, err error) {
	part := l.parts[partition]
	sequence := part.stream.after(revision)
	for ; len(entries) < limit; sequence++ {
		s, known := part.tail.at(part.stream.revision(sequence), sequence)
		if !known {
			break
		}
		entries = append(entries, s.entry())
	}
	if len(entries) > 0 {
		return entries, nil
	}
	if !l.journal.cfg.shared() {
		end := part.stream.sequence(part.tail.reached())
		limit = min(limit, int(max(end, sequence-1)-(sequence-1)))
	}
	return part.read(ctx, sequence, limit, l.journal.cfg.shared())
}

// read asks the engine: one entry plainly, several by one request where a node may answer it alone.
func (t *part) read(ctx context.Context, sequence uint64, limit int, shared bool) (entries []Entry, err error) {
	take := func(s stored, err error) error {
		if err == nil {
			t.tail.keep(s, t.stream.sequence(s.revision))
			entries = append(entries, s.entry())
		}
		return err
	}
	if limit > 1 && !shared {
		err = t.stream.many(ctx, sequence, limit, take)
	} else {
		for ; limit > 0 && err == nil; limit, sequence = limit-1, sequence+1 {
			err = take(t.stream.message(ctx, sequence))
		}
	}
	if errors.Is(err, ErrNotFound) {
		err = nil
	}
	return entries, err
}

// many reads entries that follow each other by one request.
func (s *ledgerStream) many(ctx context.Context, sequence uint64, limit int, take func(stored, error) error) error {
	messages, err := jetstreamext.GetBatch(ctx, s.js, s.name(), limit, jetstreamext.GetBatchSeq(sequence), jetstreamext.GetBatchMaxBytes(followBytes))
	if err != nil {
		return fmt.Errorf("read entries: %w", err)
	}
	for msg, err := range messages {
		if errors.Is(err, jetstreamext.ErrNoMessages) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read entries: %w", err)
		}
		if err := s.inTurn(msg, &sequence, take); err != nil {
			return err
		}
	}
	return nil
}

// inTurn takes a message if it is the next one: a partition has no holes.
func (s *ledgerStream) inTurn(msg *jetstream.RawStreamMsg, sequence *uint64, take func(stored, error) error) error {
	if msg.Sequence != *sequence {
		return fmt.Errorf("%w: revision %d is gone", ErrCorrupt, s.revision(*sequence))
	}
	*sequence++
	return take(decodeStored(msg.Subject, msg.Data, s.revision(msg.Sequence), msg.Time))
}
