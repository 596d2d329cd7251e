package journal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Scan visits the newest entry of each key, partition by partition, within a partition in the order of writing. An entry
// that was written before the scan began is visited, unless a newer one of its key is. It stops at the first error of
// visit and returns it wrapped. In a cluster a key that is written during the scan or shortly before it may be visited twice,
// the newer entry later. It holds up to 128 entries in memory, whatever the size of the ledger, and the engine
// 8 bytes per key of one partition.
func (l *Ledger) Scan(ctx context.Context, visit func(Entry) error) error {
	for partition := range l.cfg.Partitions {
		if err := l.ScanPartition(ctx, partition, visit); err != nil {
			return err
		}
	}
	return nil
}

// ScanPartition is Scan for one partition.
func (l *Ledger) ScanPartition(ctx context.Context, partition int, visit func(Entry) error) error {
	s := keyScan{visit: visit}
	err := s.openTo(ctx, l.parts[partition].stream, scanOf(l.partitionSubjects(partition)))
	if err == nil {
		err = errors.Join(s.run(ctx), s.close(ctx))
	}
	if err != nil {
		return fmt.Errorf("scan ledger %s, partition %d: %w", l.cfg.Name, partition, err)
	}
	return nil
}

const (
	// scanEntries is how many entries one request of a scan brings into memory.
	scanEntries = 128

	// scanIdle removes the engine's side of a scan whose process died.
	scanIdle = time.Minute
)

var errSilent = errors.New("no entries came")

// keyScan reads through a consumer of its own that lives in memory and that the engine fills with the newest message of
// each subject.
type keyScan struct {
	visit    func(Entry) error
	stream   *ledgerStream
	consumer jetstream.Consumer
	left     uint64 // messages that the scan still has to see
	seen     uint64 // messages so far: the consumer's own numbers have no gap
	reached  uint64 // sequence in the stream of the one seen last
	until    uint64 // sequence that must be reached, though the node that serves the scan may not have it yet
}

// scanOf is a consumer that gives the newest message of each subject and is gone with the scan.
func scanOf(subjects string) jetstream.ConsumerConfig {
	return jetstream.ConsumerConfig{
		DeliverPolicy:     jetstream.DeliverLastPerSubjectPolicy,
		AckPolicy:         jetstream.AckNonePolicy,
		FilterSubject:     subjects,
		InactiveThreshold: scanIdle,
		MemoryStorage:     true,
		Replicas:          1, // also in a cluster: a scan whose node dies fails and is begun anew
	}
}

func (s *keyScan) open(ctx context.Context, stream *ledgerStream, cfg jetstream.ConsumerConfig) error {
	var consumer jetstream.Consumer
	err := patientShared().read(ctx, stream.shared, func(ctx context.Context) (err error) {
		consumer, err = stream.stream.CreateConsumer(ctx, cfg)
		return err
	})
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	s.stream, s.consumer, s.left = stream, consumer, consumer.CachedInfo().NumPending
	return nil
}

// openTo is open, and lets the scan of a cluster go on until it has seen what the leader has now: the node that serves it may
// lag behind.
func (s *keyScan) openTo(ctx context.Context, stream *ledgerStream, cfg jetstream.ConsumerConfig) error {
	if stream.shared {
		last, err := stream.end(ctx)
		if err != nil {
			return err
		}
		if last >= cfg.OptStartSeq {
			s.until = last
		}
	}
	return s.open(ctx, stream, cfg)
}

func (s *keyScan) close(ctx context.Context) error {
	name := s.consumer.CachedInfo().Name
	err := s.stream.stream.DeleteConsumer(ctx, name)
	if err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) && !s.stream.shared { // there it ends by itself
		return fmt.Errorf("end: %w", err)
	}
	return nil
}

func (s *keyScan) run(ctx context.Context) error {
	for since := time.Now(); s.left > 0 || s.reached < s.until; {
		err := s.fetch(ctx)
		switch {
		case err == nil:
			since = time.Now()
		case err != nil && (!errors.Is(err, errSilent) || !s.stream.shared || time.Since(since) > sharedWithin || ctx.Err() != nil):
			return err
		case err != nil:
			pause(ctx, 2*retryPause) // in a cluster the way to the scan's node may be new, or the node busy
		}
	}
	return nil
}

// fetch visits what one request brings. An engine that brings nothing within attemptLimit counts as silent.
func (s *keyScan) fetch(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, attemptLimit)
	defer cancel()
	batch, err := s.consumer.Fetch(int(max(min(s.left, scanEntries), 1)), jetstream.FetchContext(ctx))
	if err != nil {
		return fmt.Errorf("ask for entries: %w", err)
	}
	before := s.seen
	for msg := range batch.Messages() {
		if err := s.see(msg); err != nil {
			return err
		}
	}
	if s.seen == before {
		return fmt.Errorf("%w: %w", errSilent, errors.Join(batch.Error(), ctx.Err()))
	}
	return nil
}

func (s *keyScan) see(msg jetstream.Msg) error {
	meta, err := msg.Metadata()
	if err != nil {
		return fmt.Errorf("read position: %w", err)
	}
	if s.seen++; meta.Sequence.Consumer != s.seen {
		return fmt.Errorf("entry %d of the scan was lost on the way", s.seen)
	}
	s.left -= min(s.left, 1)
	s.reached = meta.Sequence.Stream
	entry, err := decodeStored(msg.Subject(), msg.Data(), s.stream.revision(meta.Sequence.Stream), meta.Timestamp)
	if err != nil {
		return err
	}
	return s.visit(entry.entry())
}
