package journal

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
	"sync/atomic"

	"github.com/nats-io/nats.go/jetstream"
)

// Ledger opens the ledger of this name, creating it when it does not exist. It may be opened more than once, also by other
// nodes of a cluster.
//
// Errors: ErrWeakSettings when the stored stream would keep less than promised; ErrPartitions when the ledger was created
// with another number of partitions.
func (j *Journal) Ledger(ctx context.Context, cfg LedgerConfig) (*Ledger, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	l, err := j.openLedger(ctx, cfg)
	if err == nil {
		err = j.keepLedger(l)
	}
	if err != nil {
		return nil, fmt.Errorf("open ledger %s: %w", cfg.Name, err)
	}
	return l, nil
}

func (j *Journal) openLedger(ctx context.Context, cfg LedgerConfig) (*Ledger, error) {
	stream, err := openStream(ctx, j.js, ledgerStreamConfig(cfg, j.replicas))
	if err != nil {
		return nil, err
	}
	got := stream.CachedInfo().Config
	if err := checkLedgerStream(got); err != nil {
		return nil, err
	}
	if err := cfg.checkPartitions(got.Metadata); err != nil {
		return nil, err
	}
	return j.newLedger(cfg, &ledgerStream{js: j.js, stream: stream})
}

func (j *Journal) newLedger(cfg LedgerConfig, s *ledgerStream) (*Ledger, error) {
	var id [8]byte
	if _, err := io.ReadFull(j.cfg.Random, id[:]); err != nil {
		return nil, fmt.Errorf("draw a writer id: %w", err)
	}
	return &Ledger{
		cfg:      cfg,
		journal:  j,
		stream:   s,
		group:    newGroup(s, cfg.MaxWaiting),
		solo:     &solo{store: s, health: j.engine.health, fail: j.fail},
		writer:   binary.BigEndian.Uint64(id[:]),
		closing:  make(chan struct{}),
		progress: make(map[string]*progress),
	}, nil
}

// keepLedger remembers what Close has to close and Ready to look at.
func (j *Journal) keepLedger(l *Ledger) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closing {
		return ErrClosed
	}
	l.full = new(atomic.Bool)
	for _, other := range j.ledgers {
		if other.cfg.Name == l.cfg.Name {
			l.full = other.full
		}
	}
	j.ledgers = append(j.ledgers, l)
	return nil
}

// ledgerStreamConfig is what a ledger promises, in the engine's words.
func ledgerStreamConfig(cfg LedgerConfig, replicas int) jetstream.StreamConfig {
	c := logStreamConfig(LogConfig{Name: cfg.Name, MaxBytes: cfg.MaxBytes}, replicas)
	c.Name = "ledger-" + cfg.Name
	c.Subjects = []string{"ledger." + cfg.Name + ".*.*"}
	c.AllowAtomicPublish = true // one sync for many Puts
	c.Metadata = map[string]string{partitionsKey: strconv.Itoa(cfg.Partitions)}
	return c
}

// checkLedgerStream looks at what only a ledger needs.
func checkLedgerStream(got jetstream.StreamConfig) error {
	return weakest("stream "+got.Name, []finding{
		{got.AllowAtomicPublish, "it takes no batches"},
		{got.AllowDirect, "it cannot be read directly"},
		{got.MaxMsgsPerSubject <= 0, fmt.Sprintf("it forgets all but %d entries of a key", got.MaxMsgsPerSubject)},
	})
}
