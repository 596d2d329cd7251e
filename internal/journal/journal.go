package journal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/gofrs/flock"
	"github.com/nats-io/nats.go/jetstream"
)

// Journal is one open store. Its methods may be called concurrently.
type Journal struct {
	cfg      Config
	replicas int // that a stream must have: 1 embedded
	logger   *slog.Logger
	lock     *flock.Flock // nil: the store is outside
	engine   *engine
	js       jetstream.JetStream
	probe    *probe

	opening sync.Mutex // held while a log is opened

	mu      sync.Mutex
	logs    map[string]*Log // by name
	ledgers []*Ledger
	closing bool

	released map[string]bool // cursors whose leftovers of an earlier process were given back

	failOnce sync.Once
	failed   chan struct{}
	err      error // read after failed is closed

	closeOnce sync.Once
	closeErr  error
}

// Open locks the folder, starts the engine on it, recovers what it holds and checks its settings.
//
// Errors: ErrLocked when the folder is in use; ErrWeakSettings when the engine would keep less than promised. ctx limits
// the checks; recovery of the store itself runs to its end. In a cluster Open waits until a majority of the nodes is there, or
// until ctx ends. Close must be called on the result.
func Open(ctx context.Context, cfg Config, logger *slog.Logger) (*Journal, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	j := &Journal{cfg: cfg, replicas: cfg.replicas(), logger: logger, logs: make(map[string]*Log), failed: make(chan struct{}),
		released: make(map[string]bool)}
	if cfg.Remote == nil && !cfg.observer() {
		if j.lock, err = lockDir(cfg.Dir); err != nil {
			return nil, fmt.Errorf("open journal: %w", err)
		}
	}
	if err := j.start(ctx, logger); err != nil {
		return nil, errors.Join(fmt.Errorf("open journal: %w", err), j.Close(ctx))
	}
	return j, nil
}

func (j *Journal) start(ctx context.Context, logger *slog.Logger) error {
	var err error
	if j.engine, err = startEngine(j.cfg, logger, j.fail); err != nil {
		return err
	}
	if j.engine.server != nil && !j.engine.observer {
		if err := checkEngine(j.engine.server.JetStreamConfig()); err != nil {
			return err
		}
	}
	if j.js, err = jetstream.New(j.engine.conn); err != nil {
		return fmt.Errorf("use journal engine: %w", err)
	}
	if j.engine.observer {
		return nil // it creates nothing, not even the probe
	}
	if err := j.settle(ctx, "the journal's cluster", j.engine.roomy); err != nil {
		return err
	}
	if err := j.settle(ctx, "the journal's cluster", j.engine.joined); err != nil {
		return err
	}
	return j.settle(ctx, "the journal's cluster", func(ctx context.Context) (err error) {
		j.probe, err = openProbe(ctx, j.js, j.replicas)
		return err
	})
}

// Failed is closed when the journal cannot keep its promise any more: the store failed, another writer appeared, the
// engine died. Err then tells why. The process should exit; a restart reads what the store really holds.
func (j *Journal) Failed() <-chan struct{} { return j.failed }

// Err returns why Failed is closed, nil before that.
func (j *Journal) Err() error {
	select {
	case <-j.failed:
		return j.err
	default:
		return nil
	}
}

// fail keeps the first reason. Trouble while closing is part of closing.
func (j *Journal) fail(err error) {
	j.mu.Lock()
	closing := j.closing
	j.mu.Unlock()
	if closing {
		return
	}
	j.failOnce.Do(func() {
		j.err = err
		close(j.failed)
	})
}

// Close stops intake, stores what was taken, and then stops the connection, the engine and the lock, in this order. When
// ctx ends first, what still waits fails with ErrClosed and Close returns the cause. It may be called again and gives the
// same result.
func (j *Journal) Close(ctx context.Context) error {
	j.closeOnce.Do(func() { j.closeErr = j.shutDown(ctx) })
	return j.closeErr
}

func (j *Journal) shutDown(ctx context.Context) error {
	j.mu.Lock()
	j.closing = true
	j.mu.Unlock()
	var problems []error
	for _, l := range j.logs { // closing is set, so neither logs nor ledgers change any more
		problems = append(problems, l.close(ctx))
	}
	for _, l := range j.ledgers {
		problems = append(problems, l.close(ctx))
	}
	if j.engine != nil {
		j.engine.stop()
	}
	if j.lock != nil {
		if err := j.lock.Unlock(); err != nil {
			problems = append(problems, fmt.Errorf("unlock journal folder: %w", err))
		}
	}
	return errors.Join(problems...)
}
