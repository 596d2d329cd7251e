package journal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Log opens the log of this name, creating it when it does not exist, and reads where its index continues.
//
// Errors: ErrWeakSettings when the stored stream would keep less than promised; ErrCorrupt when its last message cannot be
// read; ErrLocked when the log is open already: it has one writer.
func (j *Journal) Log(ctx context.Context, cfg LogConfig) (*Log, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	j.opening.Lock() // one at a time: of two for the same log, the second one finds the first
	defer j.opening.Unlock()
	if err := j.mayOpen(cfg.Name); err != nil {
		return nil, fmt.Errorf("open log %s: %w", cfg.Name, err)
	}
	var l *Log
	err = j.settle(ctx, "log "+cfg.Name, func(ctx context.Context) (err error) {
		l, err = j.openLog(ctx, cfg)
		return err
	})
	if err == nil {
		err = j.keepLog(ctx, l)
	}
	if err != nil {
		return nil, fmt.Errorf("open log %s: %w", cfg.Name, err)
	}
	return l, nil
}

func (j *Journal) mayOpen(log string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closing {
		return ErrClosed
	}
	if _, open := j.logs[log]; open {
		return ErrLocked
	}
	return nil
}

// keepLog remembers what Close has to close. A journal that was closed in the meantime closes the log at once.
func (j *Journal) keepLog(ctx context.Context, l *Log) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closing {
		return errors.Join(ErrClosed, l.close(ctx))
	}
	j.logs[l.cfg.Name] = l
	return nil
}

func (j *Journal) openLog(ctx context.Context, cfg LogConfig) (*Log, error) {
	stream, err := openStream(ctx, j.js, logStreamConfig(cfg, j.replicas))
	if err != nil {
		return nil, err
	}
	return j.continueLog(ctx, cfg, &logStream{js: j.js, stream: stream, subject: "log." + cfg.Name, lagging: j.replicas > 1})
}

// logStore is all that a log needs from the engine.
type logStore interface {
	stream
	source
}

// continueLog reads the last message and starts the writer after it.
func (j *Journal) continueLog(ctx context.Context, cfg LogConfig, s logStore) (*Log, error) {
	last, payload, err := s.tail(ctx)
	if err != nil {
		return nil, err
	}
	w, err := j.newWriter(cfg, s)
	if err != nil {
		return nil, err
	}
	r := &reader{source: s}
	if last > 0 {
		m, err := decode(payload)
		if err != nil {
			return nil, fmt.Errorf("last message: %w", err)
		}
		w.last = last
		w.head.Store(m.next())
		r.remember(last, m.first)
	}
	w.stored = r.remember
	go w.run()
	return &Log{cfg: cfg, queue: w.queue, writer: w, reader: r}, nil
}

func (j *Journal) newWriter(cfg LogConfig, s stream) (*writer, error) {
	var id [8]byte
	if _, err := io.ReadFull(j.cfg.Random, id[:]); err != nil {
		return nil, fmt.Errorf("draw a writer id: %w", err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	return &writer{
		queue:   newQueue(cfg.QueueBatches),
		commit:  &committer{stream: s, health: j.engine.health, patience: j.cfg.writing().withoutEnd(), lagging: j.replicas > 1},
		fail:    j.fail,
		id:      binary.BigEndian.Uint64(id[:]),
		ctx:     ctx,
		abandon: cancel,
		stopped: make(chan struct{}),
	}, nil
}
