package journal

import (
	"context"
	"errors"
	"fmt"
)

// Log is an append-only sequence of records with one writer, this process. Its methods may be called concurrently.
//
// What may be assumed, and when: a record whose Append returned nil is synced to disk, survives a kill -9 and a loss of
// power, keeps its index for ever and can be read at once by Get and Scan. A record whose Append returned an error is
// described at that error; after a cancelled context or ErrFailed it may still become durable.
type Log struct {
	cfg    LogConfig
	queue  *queue
	writer *writer
	reader *reader
}

// Append stores r and returns its position after the disk has it. Callers that arrive while a write is under way share
// the next one, so the rate grows with the number of concurrent callers.
//
// Errors: ErrTooLarge, ErrOverloaded, ErrFull and ErrClosed mean the record was not stored. When ctx ends first its error
// is returned and the record may or may not have been stored, under an index the caller does not learn; the same holds
// for ErrFailed and ErrConflict. Append keeps no reference to r.Data.
func (l *Log) Append(ctx context.Context, r Record) (Position, error) {
	if err := ctx.Err(); err != nil {
		return Position{}, fmt.Errorf("append to log %s: %w", l.cfg.Name, err)
	}
	if len(r.Data) > l.cfg.MaxRecordBytes || len(r.Key) > maxKeyBytes {
		return Position{}, fmt.Errorf("append to log %s: %w: data of %d bytes, key of %d",
			l.cfg.Name, ErrTooLarge, len(r.Data), len(r.Key))
	}
	b, offset, err := l.queue.add(r)
	if err != nil {
		return Position{}, fmt.Errorf("append to log %s: %w", l.cfg.Name, err)
	}
	return l.await(ctx, b, offset)
}

func (l *Log) await(ctx context.Context, b *batch, offset int) (Position, error) {
	select {
	case <-b.done:
	case <-ctx.Done():
		return Position{}, fmt.Errorf("append to log %s, outcome unknown: %w", l.cfg.Name, context.Cause(ctx))
	}
	if b.err != nil {
		return Position{}, fmt.Errorf("append to log %s: %w", l.cfg.Name, b.err)
	}
	return Position{Log: l.cfg.Name, Index: b.first + uint64(offset), Sequence: b.sequence}, nil
}

// Head returns the index that the next stored record will get, which is the number of records ever stored: every lower
// index is durable.
func (l *Log) Head() uint64 { return l.writer.next() }

// close stops intake and waits until everything taken is stored, or until ctx ends; then the rest fails with ErrClosed.
func (l *Log) close(ctx context.Context) error {
	l.queue.close(ErrClosed)
	select {
	case <-l.writer.stopped:
		return nil
	case <-ctx.Done():
	}
	l.writer.abandon(errors.Join(ErrClosed, ErrFailed))
	<-l.writer.stopped
	return fmt.Errorf("close log %s: %w", l.cfg.Name, context.Cause(ctx))
}
