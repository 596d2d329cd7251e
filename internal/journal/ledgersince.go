package journal

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// ScanSince visits every entry of a partition after the given revision, older versions of a key included, in the order of
// writing, up to the newest one at the time of the call; 0 is the beginning. A reader that keeps the revision visited last has
// a place of its own without holding any entry. Otherwise it is as ScanPartition.
func (l *Ledger) ScanSince(ctx context.Context, partition int, after Revision, visit func(Entry) error) error {
	s := keyScan{visit: visit}
	err := s.openTo(ctx, l.parts[partition].stream, l.scanSince(partition, after))
	if err == nil {
		err = errors.Join(s.run(ctx), s.close(context.WithoutCancel(ctx)))
	}
	if err != nil {
		return fmt.Errorf("scan ledger %s, partition %d after %d: %w", l.cfg.Name, partition, after, err)
	}
	return nil
}

// BacklogSince tells what a reader that has its place after the given revision of a partition has not seen yet.
func (l *Ledger) BacklogSince(ctx context.Context, partition int, after Revision) (Backlog, error) {
	stream := l.parts[partition].stream
	oldest, err := stream.next(ctx, after)
	if errors.Is(err, ErrNotFound) {
		return Backlog{After: after}, nil
	}
	var last uint64
	if err == nil {
		last, err = stream.end(ctx)
	}
	if err != nil {
		return Backlog{}, fmt.Errorf("backlog of ledger %s, partition %d after %d: %w", l.cfg.Name, partition, after, err)
	}
	return Backlog{Entries: last + 1 - stream.after(after), Oldest: oldest.at.UTC(), After: after}, nil
}

// scanSince is a scan of every message after a revision.
func (l *Ledger) scanSince(partition int, after Revision) jetstream.ConsumerConfig {
	cfg := scanOf(l.partitionSubjects(partition))
	cfg.DeliverPolicy, cfg.OptStartSeq = jetstream.DeliverByStartSequencePolicy, l.parts[partition].stream.after(after)
	return cfg
}
