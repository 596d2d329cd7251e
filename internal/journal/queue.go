package journal

import (
	"fmt"
	"sync"
)

// queue collects records into the next messages while the previous one is on its way to the disk (group commit).
// It is bounded: beyond its limit it refuses, it neither drops nor grows.
type queue struct {
	mu      sync.Mutex
	waiting []*batch // in the order of arrival; the last one still takes records
	spare   [][]byte // buffers of written messages, reused
	closed  error    // why nothing is taken any more; nil while open

	limit int           // of batches in waiting
	wake  chan struct{} // holds one token while waiting is not empty or the queue has closed
}

func newQueue(limit int) *queue {
	return &queue{limit: limit, wake: make(chan struct{}, 1)}
}

// add takes r into the next message with room and returns that message and the offset of r in it.
func (q *queue) add(r Record) (*batch, int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed != nil {
		return nil, 0, q.closed
	}
	b, err := q.room(r)
	if err != nil {
		return nil, 0, err
	}
	offset := b.add(r)
	q.signal()
	return b, offset, nil
}

// room returns the last waiting batch, or a new one when r does not fit. Call with mu held.
func (q *queue) room(r Record) (*batch, error) {
	if n := len(q.waiting); n > 0 && q.waiting[n-1].fits(r) {
		return q.waiting[n-1], nil
	}
	if len(q.waiting) >= q.limit {
		return nil, fmt.Errorf("%w: %d batches wait for the disk", ErrOverloaded, len(q.waiting))
	}
	var buf []byte
	if n := len(q.spare); n > 0 {
		buf, q.spare = q.spare[n-1], q.spare[:n-1]
	}
	b := newBatch(buf)
	q.waiting = append(q.waiting, b)
	return b, nil
}

// take hands the oldest batch to the writer, or nil when none waits; open is false once the queue has closed.
func (q *queue) take() (b *batch, open bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) > 0 {
		b = q.waiting[0]
		q.waiting[0] = nil
		q.waiting = q.waiting[1:]
	}
	return b, q.closed == nil
}

// recycle gives a buffer back. Only a few are kept: after a burst the memory goes back to the system.
func (q *queue) recycle(buf []byte) {
	const keep = 2
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.spare) < keep {
		q.spare = append(q.spare, buf)
	}
}

// close refuses new records from now on, with reason. What waits can still be taken. The first reason stays.
func (q *queue) close(reason error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed == nil {
		q.closed = reason
	}
	q.signal()
}

func (q *queue) signal() {
	select {
	case q.wake <- struct{}{}:
	default: // a token is there already
	}
}
