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
	messages(ctx context.Context, from uint64) ([][]byte, error) // at least one
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

func (r *reader) load(ctx context.Context, sequence uint64) (message, error) {
	payload, err := r.source.message(ctx, sequence)
	if err != nil {
		return message{}, err
	}
	return decodeAt(payload, sequence)
}

func decodeAt(payload []byte, sequence uint64) (message, error) {
	m, err := decode(payload)
	if err != nil {
		return message{}, fmt.Errorf("message %d: %w", sequence, err)
	}
	return m, nil
}
