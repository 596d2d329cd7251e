package journal

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"
)

// run writes until nobody waits.
func (p *progress) run() {
	for r := p.take(); r != nil; r = p.take() {
		r.err = p.write(r)
		close(r.written)
		runtime.Gosched() // lets the readers just answered share the next round
	}
}

func (p *progress) take() *round {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.next
	p.next = nil
	p.busy = r != nil
	return r
}

// write merges the round into the stored table. Rows only grow, so it may be repeated until it has an answer.
func (p *progress) write(r *round) error {
	fresh := r.fresh || p.at == 0
	var err error
	for left, since := p.patience, time.Now(); left.again(since); {
		if err = p.attempt(r, fresh); err == nil || errors.Is(err, ErrCorrupt) {
			return err
		}
		fresh = true
		if !errors.Is(err, ErrConflict) { // the other node is done, there is nothing to wait for
			pause(context.Background(), p.patience.pause)
		}
	}
	return fmt.Errorf("%w: %w", ErrUncertain, err)
}

func (p *progress) attempt(r *round, fresh bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), p.patience.limit)
	defer cancel()
	if fresh {
		if err := p.read(ctx); err != nil {
			return err
		}
	}
	table := slices.Clone(p.table) // only run changes it, so it may be read without mu
	if !table.merge(r.rows) {
		return nil
	}
	at, err := p.store.Put(ctx, p.key, table.encode(), p.at)
	if err != nil {
		return err
	}
	p.see(table, at)
	return nil
}

func (p *progress) read(ctx context.Context) error {
	value, err := p.store.Get(ctx, p.key)
	if errors.Is(err, ErrNotFound) {
		p.see(make(doneTable, len(p.table)), 0)
		return nil
	}
	if err != nil {
		return err
	}
	table, err := decodeDone(value.Data, len(p.table))
	if err != nil {
		return err
	}
	p.see(table, value.Revision)
	return nil
}

func (p *progress) see(table doneTable, at uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.table, p.at = table, at
}
