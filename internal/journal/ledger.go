package journal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"sync"
	"sync/atomic"
)

// Ledger is an append-only history of values per key. Several processes may write it at the same time: which of two
// writers was first is decided by the engine, never in memory. Its methods may be called concurrently.
//
// What may be assumed, and when: an entry whose Put returned nil is synced to disk, survives a kill -9 and a loss of
// power, and is the only entry that follows the revision it named. Nothing is ever overwritten or removed.
type Ledger struct {
	cfg     LedgerConfig
	journal *Journal
	parts   []*part // by partition

	writer uint64        // random, first half of each token
	puts   atomic.Uint64 // count, second half of each token

	closing chan struct{} // closed when the journal is closing
	words   words         // to the engine, that a stop waits for

	mu       sync.Mutex
	progress map[string]*progress // by cursor name: its partitions share writes
}

// Put stores data as the next value of key, if the key's last revision still is follows; 0 means that the key must be new.
// It returns the new revision after the disk has it. Concurrent callers share syncs under load.
//
// Errors, certain that nothing was stored: ErrConflict (somebody else was first: read Last and decide again),
// ErrTooLarge, ErrOverloaded, ErrFull, ErrClosed, a key that is none. ErrUncertain: the entry may be stored, now or in a
// moment; Last tells once the engine answers again. An answer that was lost on the way is not an error: Put finds out by
// itself whether its entry is there.
//
// Keys: 1 to 128 of a-z, 0-9 and hyphen, for example a pseudonym of 64 hexadecimal digits; never a personal number. Put
// keeps no reference to data.
func (l *Ledger) Put(ctx context.Context, key string, data []byte, follows Revision) (Revision, error) {
	revision, err := l.put(ctx, key, data, follows)
	if err != nil {
		return 0, fmt.Errorf("put into ledger %s: %w", l.cfg.Name, err)
	}
	return revision, nil
}

func (l *Ledger) put(ctx context.Context, key string, data []byte, follows Revision) (Revision, error) {
	if err := errors.Join(ctx.Err(), checkKey(key)); err != nil {
		return 0, err
	}
	if len(data) > l.cfg.MaxEntryBytes {
		return 0, fmt.Errorf("%w: data of %d bytes", ErrTooLarge, len(data))
	}
	part := l.parts[l.Partition(key)]
	if !part.stream.owns(follows) {
		return 0, fmt.Errorf("%w: revision %d is of another partition", ErrConflict, follows)
	}
	revision, err := part.store(ctx, l.propose(key, data, follows))
	if err == nil || errors.Is(err, ErrFull) { // other errors say nothing about room
		part.full.Store(err != nil)
	}
	part.tail.latest.ended(key, err)
	part.tail.told(revision)
	return revision, err
}

// propose makes the entry with its mark. The same bytes are sent however often.
func (l *Ledger) propose(key string, data []byte, follows Revision) *proposal {
	f := frame{follows: follows, data: data}
	binary.BigEndian.PutUint64(f.token[:8], l.writer)
	binary.BigEndian.PutUint64(f.token[8:], l.puts.Add(1))
	return &proposal{key: key, subject: l.subject(key), token: f.token, follows: follows, payload: f.encode(key),
		verdict: make(chan verdict, 1)}
}

// store waits for its turn: either the entry went with others, or it goes alone.
func (t *part) store(ctx context.Context, p *proposal) (Revision, error) {
	if err := t.group.enter(p); err != nil {
		return 0, err
	}
	v, err := t.group.await(ctx, p)
	if err != nil || v.revision != 0 {
		return v.revision, err
	}
	defer t.group.leave()
	return t.solo.put(ctx, p, v.doubtful)
}

// Partition returns the part of the ledger that key belongs to. It never changes for a key.
func (l *Ledger) Partition(key string) int {
	hash := fnv.New32a()
	hash.Write([]byte(key)) // never fails
	return int(hash.Sum32() % uint32(l.cfg.Partitions))
}

// Partitions returns how many parts the ledger has; they are numbered from 0.
func (l *Ledger) Partitions() int { return l.cfg.Partitions }

func (l *Ledger) subject(key string) string {
	return fmt.Sprintf("ledger.%s.%d.%s", l.cfg.Name, l.Partition(key), key)
}

// partitionSubjects matches every key of a partition.
func (l *Ledger) partitionSubjects(partition int) string {
	return fmt.Sprintf("ledger.%s.%d.*", l.cfg.Name, partition)
}
