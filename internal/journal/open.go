package journal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/nats-io/nats.go/jetstream"
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
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closing {
		return nil, fmt.Errorf("open log %s: %w", cfg.Name, ErrClosed)
	}
	if _, open := j.logs[cfg.Name]; open {
		return nil, fmt.Errorf("open log %s: %w", cfg.Name, ErrLocked)
	}
	l, err := j.openLog(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open log %s: %w", cfg.Name, err)
	}
	j.logs[cfg.Name] = l
	return l, nil
}

func (j *Journal) openLog(ctx context.Context, cfg LogConfig) (*Log, error) {
	stream, err := openStream(ctx, j.js, logStreamConfig(cfg, j.replicas))
	if err != nil {
		return nil, err
	}
	s := &logStream{js: j.js, stream: stream, subject: "log." + cfg.Name}
	last, payload, err := s.tail(ctx)
	if err != nil {
		return nil, err
	}
	var id [8]byte
	if _, err := io.ReadFull(j.cfg.Random, id[:]); err != nil {
		return nil, fmt.Errorf("draw a writer id: %w", err)
	}
	return j.startLog(cfg, s, mark{sequence: last}, payload, binary.BigEndian.Uint64(id[:]))
}

// startLog continues after the last message and starts the writer.
func (j *Journal) startLog(cfg LogConfig, s *logStream, last mark, payload []byte, id uint64) (*Log, error) {
	r := &reader{source: s}
	var next uint64
	if last.sequence > 0 {
		m, err := decode(payload)
		if err != nil {
			return nil, fmt.Errorf("last message: %w", err)
		}
		next = m.next()
		r.remember(last.sequence, m.first)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	w := &writer{queue: newQueue(cfg.QueueBatches), commit: &committer{stream: s, health: j.engine.health},
		stored: r.remember, fail: j.fail, id: id, last: last.sequence, ctx: ctx, abandon: cancel,
		stopped: make(chan struct{})}
	w.head.Store(next)
	go w.run()
	return &Log{cfg: cfg, queue: w.queue, writer: w, reader: r}, nil
}

// openStream creates the stream or checks that the existing one keeps what want promises. A changed size limit is applied;
// nothing else of an existing stream is touched.
func openStream(ctx context.Context, js jetstream.JetStream, want jetstream.StreamConfig) (jetstream.Stream, error) {
	s, err := js.Stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		s, err = js.CreateStream(ctx, want)
	}
	if err != nil {
		return nil, fmt.Errorf("open stream: %w", translate(err))
	}
	got := s.CachedInfo().Config
	if err := checkStream(got, want); err != nil {
		return nil, err
	}
	if got.MaxBytes == want.MaxBytes {
		return s, nil
	}
	got.MaxBytes = want.MaxBytes
	if s, err = js.UpdateStream(ctx, got); err != nil {
		return nil, fmt.Errorf("change size limit of stream: %w", translate(err))
	}
	return s, nil
}
