package journal

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
)

// writer is the one goroutine that stores the batches of a log, one after the other.
type writer struct {
	queue  *queue
	commit *committer
	stored func(sequence, first uint64) // told of each stored message, before its callers are
	fail   func(error)                  // told once when the log cannot be written any more

	id   uint64        // stamped into each message
	head atomic.Uint64 // next index; only run changes it
	full atomic.Bool   // the last write was refused for lack of room
	last uint64        // sequence of the last stored message; only run uses it

	ctx     context.Context // ends when the log is abandoned
	abandon context.CancelCauseFunc
	stopped chan struct{}
}

func (w *writer) next() uint64 { return w.head.Load() }

// run stores until the queue is closed and empty, or until a write ends without a certain outcome.
func (w *writer) run() {
	defer close(w.stopped)
	for {
		b, open := w.queue.take()
		switch {
		case b != nil:
			w.store(b)
		case !open:
			return
		default:
			<-w.queue.wake
		}
	}
}

// store writes one batch. After an uncertain outcome every later batch gets the same error without being written: an
// index must not be given again before a restart has read what the store really holds.
func (w *writer) store(b *batch) {
	if w.ctx.Err() != nil {
		b.finish(0, context.Cause(w.ctx))
		return
	}
	b.seal(w.id, w.head.Load())
	sequence, err := w.commit.store(w.ctx, b.buf, w.last)
	switch {
	case err == nil:
		w.last = sequence
		w.stored(sequence, b.first)
		w.head.Add(uint64(b.count))
		w.full.Store(false)
	case errors.Is(err, ErrFull): // certain, and may pass
		w.full.Store(true)
	default:
		w.stop(err)
	}
	w.queue.recycle(b.buf)
	b.buf = nil
	b.finish(sequence, err)
	runtime.Gosched() // lets the callers just answered share the next message, instead of the first one having it alone
}

func (w *writer) stop(err error) {
	if !errors.Is(err, ErrClosed) {
		w.fail(err)
	}
	w.queue.close(fmt.Errorf("%w: %w", ErrFailed, err))
	w.abandon(err)
}
