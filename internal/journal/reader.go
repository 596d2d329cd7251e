package journal

import (
	"context"
	"fmt"
	"sync"
)

// source is what reading needs from the engine.
type source interface {
	first(ctx context.Context) (uint64, error)
	message(ctx context.Context, sequence uint64) ([]byte, error)
}

// reader finds records by index. Where a message begins is derived from the messages themselves, so there is nothing
// beside the stream that could be lost or disagree.
type reader struct {
	source source

	mu     sync.Mutex
	recent recent
	held   message // decoded last: records are mostly read in order
	heldAt uint64  // its sequence; 0: none
}

// Get returns the record with this index. ErrNotFound: no such record is stored (yet). Data belongs to the caller.
func (l *Log) Get(ctx context.Context, index uint64) (Record, error) {
	if index >= l.Head() {
		return Record{}, fmt.Errorf("log %s, index %d: %w", l.cfg.Name, index, ErrNotFound)
	}
	m, _, err := l.reader.find(ctx, index)
	if err != nil {
		return Record{}, fmt.Errorf("log %s, index %d: %w", l.cfg.Name, index, err)
	}
	r := m.records[index-m.first]
	return Record{Data: append([]byte(nil), r.Data...), Key: r.Key}, nil
}

// Scan calls visit for each record from index on, in order, up to the head at the time of the call. It stops at the first
// error of visit and returns it wrapped. A gap or damage is ErrCorrupt. The Data handed to visit is valid after it returns
// as well, but shares memory with its neighbours: keep a copy of a single one.
func (l *Log) Scan(ctx context.Context, from uint64, visit func(Position, Record) error) error {
	head := l.Head()
	if from >= head {
		return nil
	}
	m, sequence, err := l.reader.find(ctx, from)
	for err == nil {
		if err = l.visit(m, sequence, from, visit); err != nil || m.next() >= head {
			break
		}
		from, sequence = m.next(), sequence+1
		m, err = l.reader.load(ctx, sequence)
		if err == nil && m.first != from {
			err = fmt.Errorf("%w: message %d begins at index %d, expected %d", ErrCorrupt, sequence, m.first, from)
		}
	}
	if err != nil {
		return fmt.Errorf("scan log %s from index %d: %w", l.cfg.Name, from, err)
	}
	return nil
}

func (l *Log) visit(m message, sequence, from uint64, visit func(Position, Record) error) error {
	for index := from; index < m.next(); index++ {
		position := Position{Log: l.cfg.Name, Index: index, Sequence: sequence}
		if err := visit(position, m.records[index-m.first]); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) load(ctx context.Context, sequence uint64) (message, error) {
	payload, err := r.source.message(ctx, sequence)
	if err != nil {
		return message{}, err
	}
	m, err := decode(payload)
	if err != nil {
		return message{}, fmt.Errorf("message %d: %w", sequence, err)
	}
	return m, nil
}
