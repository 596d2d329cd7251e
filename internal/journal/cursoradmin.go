package journal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Backlog is what a cursor has not done yet in its partition.
type Backlog struct {
	// Entries counts them, the one that is held included.
	Entries uint64

	// Oldest is when the oldest of them was stored, in UTC; the zero time when there is none.
	Oldest time.Time

	// After is the reader's place: entries up to this revision are not among them. 0: it is at the beginning.
	After Revision
}

// Pending returns what the cursor has not done yet. ErrNotFound: the cursor was deleted.
func (c *Cursor) Pending(ctx context.Context) (Backlog, error) {
	b, err := c.pending(ctx)
	if err != nil {
		return Backlog{}, fmt.Errorf("backlog of cursor %s of ledger %s: %w", c.cfg.Name, c.ledger.cfg.Name, err)
	}
	return b, nil
}

func (c *Cursor) pending(ctx context.Context) (Backlog, error) {
	info, err := c.consumer.Info(ctx)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return Backlog{}, ErrNotFound
	}
	if err != nil {
		return Backlog{}, fmt.Errorf("read state: %w", err)
	}
	row, err := c.progress.get(ctx, c.cfg.Partition)
	if err != nil {
		return Backlog{}, err
	}
	reached := c.stream.revision(info.AckFloor.Stream)
	if row.epoch == c.epoch {
		reached = max(reached, row.upTo)
	}
	return c.ledger.BacklogSince(ctx, c.cfg.Partition, reached)
}

// Cursors returns the names of the ledger's cursors, sorted.
func (l *Ledger) Cursors(ctx context.Context) ([]string, error) {
	var names []string
	for _, part := range l.parts {
		list := part.stream.stream.ConsumerNames(ctx)
		for durable := range list.Name() {
			if i := strings.LastIndexByte(durable, '-'); i > 0 { // a scan's consumer has no hyphen in its name
				names = append(names, durable[:i])
			}
		}
		if err := list.Err(); err != nil {
			return nil, fmt.Errorf("list cursors of ledger %s: %w", l.cfg.Name, err)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// DeleteCursor forgets the place of this reader in every partition. A cursor that is not there counts as deleted. A cursor
// that is opened under the name later begins where its From says.
func (l *Ledger) DeleteCursor(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := l.forget(ctx, name); err != nil {
		return fmt.Errorf("delete cursor %s of ledger %s: %w", name, l.cfg.Name, err)
	}
	for partition, part := range l.parts {
		durable := CursorConfig{Name: name, Partition: partition}.durable()
		err := part.stream.stream.DeleteConsumer(ctx, durable)
		if err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return fmt.Errorf("delete cursor %s of ledger %s: %w", durable, l.cfg.Name, err)
		}
	}
	return nil
}

// forget begins a new epoch in every partition. It comes before the consumers are deleted: were it after them, a crash
// between would leave a new cursor with the progress of the old one, and it would skip entries.
func (l *Ledger) forget(ctx context.Context, name string) error {
	p, err := l.progressOf(ctx, name)
	if err != nil {
		return err
	}
	for partition := range l.cfg.Partitions {
		row, err := p.get(ctx, partition)
		if err != nil {
			return err
		}
		if err := p.put(ctx, partition, done{epoch: row.epoch + 1}); err != nil {
			return err
		}
	}
	return nil
}

// cursorsBucket and a ledger's name make the state that holds what its cursors have done. No state of a user has an underscore in its
// name.
const cursorsBucket = "ledger_"

// progressOf returns what is shared by all partitions of a cursor in this process.
func (l *Ledger) progressOf(ctx context.Context, name string) (*progress, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p, ok := l.progress[name]; ok {
		return p, nil
	}
	bucket := cursorsBucket + l.cfg.Name
	kv, err := l.journal.openBucket(ctx, StateConfig{Name: bucket})
	if err != nil {
		return nil, err
	}
	p := newProgress(&State{name: bucket, kv: kv}, name, l.cfg.Partitions)
	p.patience = l.journal.cfg.writing()
	l.progress[name] = p
	return p, nil
}
