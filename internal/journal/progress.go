package journal

import (
	"context"
	"fmt"
	"sync"
)

// progress keeps durably what a cursor has done. The engine answers an acknowledgement before it has written it (it writes
// about ten times a second), so after a kill it would deliver again what was done. Our own table is written first; the
// engine's acknowledgement only lets it go on.
//
// Partitions that are done while a write is under way share the next one.
type progress struct {
	store    valueStore
	key      string // in the store: the cursor's name
	patience patience

	mu    sync.Mutex
	table doneTable // as last seen in the store
	next  *round    // collects while another is written; nil when nobody waits
	busy  bool      // a goroutine is writing

	at uint64 // revision of table in the store, 0 before it was read; only the goroutine that is writing uses it
}

// valueStore is what progress needs: a State.
type valueStore interface {
	Get(ctx context.Context, key string) (Value, error)
	Put(ctx context.Context, key string, data []byte, revision uint64) (uint64, error)
}

// round is one write of the table for everybody who waits for it.
type round struct {
	rows    map[int]done
	fresh   bool          // read the table first: another node may have changed it
	written chan struct{} // closed when err is final
	err     error
}

func newProgress(store valueStore, key string, partitions int) *progress {
	return &progress{store: store, key: key, patience: patient(), table: make(doneTable, partitions)}
}

// put returns when the row is durable. A row that is not later than the stored one changes nothing.
func (p *progress) put(ctx context.Context, partition int, row done) error {
	return p.await(ctx, p.join(func(r *round) {
		if row.later(r.rows[partition]) {
			r.rows[partition] = row
		}
	}))
}

// get returns the row as it is in the store now.
func (p *progress) get(ctx context.Context, partition int) (done, error) {
	if err := p.await(ctx, p.join(func(r *round) { r.fresh = true })); err != nil {
		return done{}, err
	}
	return p.known(partition), nil
}

// known returns the row as this process last saw it.
func (p *progress) known(partition int) done {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.table[partition]
}

// join adds to the round that is written next.
func (p *progress) join(add func(*round)) *round {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == nil {
		p.next = &round{rows: make(map[int]done), written: make(chan struct{})}
	}
	r := p.next
	add(r)
	if !p.busy {
		p.busy = true
		go p.run()
	}
	return r
}

func (p *progress) await(ctx context.Context, r *round) error {
	select {
	case <-r.written:
		return r.err
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", ErrUncertain, context.Cause(ctx))
	}
}
