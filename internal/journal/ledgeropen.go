package journal

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"
)

// Ledger opens the ledger of this name, creating it when it does not exist. It may be opened more than once, also by other
// nodes of a cluster.
//
// Errors: ErrWeakSettings when a stored stream would keep less than promised; ErrPartitions when the ledger was created
// with another number of partitions; ErrCorrupt when a partition is gone.
func (j *Journal) Ledger(ctx context.Context, cfg LedgerConfig) (*Ledger, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	var l *Ledger
	err = j.settle(ctx, "ledger "+cfg.Name, func(ctx context.Context) (err error) {
		l, err = j.openLedger(ctx, cfg)
		return err
	})
	if err == nil {
		err = j.keepLedger(l)
	}
	if err != nil {
		return nil, fmt.Errorf("open ledger %s: %w", cfg.Name, err)
	}
	return l, nil
}

func (j *Journal) openLedger(ctx context.Context, cfg LedgerConfig) (*Ledger, error) {
	if err := j.prepareLedger(ctx, cfg); err != nil {
		return nil, err
	}
	l, err := j.newLedger(cfg)
	if err != nil {
		return nil, err
	}
	err = eachPartition(cfg, 0, func(partition int) error {
		stream, err := j.openPartition(ctx, cfg, partition)
		if err != nil {
			return err
		}
		s := &ledgerStream{numbering: numberingOf(partition, cfg.Partitions), js: j.js, stream: stream, shared: j.cfg.shared()}
		l.parts[partition] = &part{stream: s, group: newGroup(s, cfg.MaxWaiting, j.solos()),
			solo: &solo{store: s, health: j.engine.health, fail: j.fail, patience: j.cfg.writing()}}
		return nil
	})
	return l, err
}

// solos is how many Puts of a partition go alone at the same time.
func (j *Journal) solos() int {
	if j.replicas > 1 {
		return solosReplicated
	}
	return solosEmbedded
}

// openingAtOnce is how many partitions are opened side by side: each waits for the disk most of the time.
const openingAtOnce = 16

func eachPartition(cfg LedgerConfig, from int, do func(partition int) error) error {
	var all errgroup.Group
	all.SetLimit(openingAtOnce)
	for partition := from; partition < cfg.Partitions; partition++ {
		all.Go(func() error { return do(partition) })
	}
	return all.Wait()
}

// prepareLedger creates what is missing of a ledger that does not exist yet, partition 0 last: where it is, all of them are
// or were. One that is gone then is damage, and no empty one takes its place.
func (j *Journal) prepareLedger(ctx context.Context, cfg LedgerConfig) error {
	first, err := j.js.Stream(ctx, ledgerStreamName(cfg.Name, 0))
	switch {
	case err == nil:
		if err := cfg.checkPartitions(first.CachedInfo().Config.Metadata); err != nil {
			return err
		}
		return eachPartition(cfg, 1, func(partition int) error { return j.partitionExists(ctx, cfg, partition) })
	case !errors.Is(err, jetstream.ErrStreamNotFound):
		return fmt.Errorf("look for partition 0: %w", err)
	}
	return eachPartition(cfg, 1, func(partition int) error {
		_, err := j.openPartition(ctx, cfg, partition)
		return err
	})
}

func (j *Journal) partitionExists(ctx context.Context, cfg LedgerConfig, partition int) error {
	_, err := j.js.Stream(ctx, ledgerStreamName(cfg.Name, partition))
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		if j.leftBehind(ledgerStreamName(cfg.Name, partition)) {
			return nil // a change of its settings was interrupted: creating it finds the data again
		}
		if j.cfg.shared() { // maybe the one who answers has not read all yet
			return fmt.Errorf("partition %d is gone", partition)
		}
		return fmt.Errorf("%w: partition %d is gone", ErrCorrupt, partition)
	}
	if err != nil {
		return fmt.Errorf("look for partition %d: %w", partition, err)
	}
	return nil
}

// leftBehind tells whether the engine has a folder for the stream, though it does not know it (see wholeKey).
func (j *Journal) leftBehind(stream string) bool {
	_, err := os.Stat(filepath.Join(j.cfg.Dir, "jetstream", "$G", "streams", stream))
	return j.engine.server != nil && err == nil
}

func (j *Journal) openPartition(ctx context.Context, cfg LedgerConfig, partition int) (jetstream.Stream, error) {
	stream, err := openStream(ctx, j.js, ledgerStreamConfig(cfg, partition, j.replicas))
	if err != nil {
		return nil, fmt.Errorf("partition %d: %w", partition, err)
	}
	got := stream.CachedInfo().Config
	return stream, errors.Join(checkLedgerStream(got, j.replicas), cfg.checkPartitions(got.Metadata))
}

func (j *Journal) newLedger(cfg LedgerConfig) (*Ledger, error) {
	var id [8]byte
	if _, err := io.ReadFull(j.cfg.Random, id[:]); err != nil {
		return nil, fmt.Errorf("draw a writer id: %w", err)
	}
	return &Ledger{
		cfg:      cfg,
		journal:  j,
		parts:    make([]*part, cfg.Partitions),
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
	for partition, part := range l.parts {
		part.full = new(atomic.Bool)
		part.tail = newTail(part.stream.revision(part.stream.stream.CachedInfo().State.LastSeq))
		for _, other := range j.ledgers {
			if other.cfg.Name == l.cfg.Name {
				part.full, part.tail = other.parts[partition].full, other.parts[partition].tail
			}
		}
	}
	j.ledgers = append(j.ledgers, l)
	return nil
}

func ledgerStreamName(ledger string, partition int) string {
	return "ledger-" + ledger + "-" + strconv.Itoa(partition)
}

// ledgerStreamConfig is what a partition promises, in the engine's words.
func ledgerStreamConfig(cfg LedgerConfig, partition, replicas int) jetstream.StreamConfig {
	share := cfg.MaxBytes / int64(cfg.Partitions)
	c := logStreamConfig(LogConfig{Name: cfg.Name, MaxBytes: share}, replicas)
	c.Name = ledgerStreamName(cfg.Name, partition)
	c.Subjects = []string{fmt.Sprintf("ledger.%s.%d.*", cfg.Name, partition)}
	c.AllowAtomicPublish = true   // one sync for many Puts
	c.AllowDirect = replicas == 1 // else reads go to the leader: what was just written is seen by all nodes
	c.Metadata = map[string]string{partitionsKey: strconv.Itoa(cfg.Partitions)}
	return c
}

// checkLedgerStream looks at what only a ledger needs.
func checkLedgerStream(got jetstream.StreamConfig, replicas int) error {
	return weakest("stream "+got.Name, []finding{
		{got.AllowAtomicPublish, "it takes no batches"},
		{got.AllowDirect == (replicas == 1), "a direct read may come from a node that lags, or is not possible"},
		{got.MaxMsgsPerSubject <= 0, fmt.Sprintf("it forgets all but %d entries of a key", got.MaxMsgsPerSubject)},
	})
}
