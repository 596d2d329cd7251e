package journal

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// copyMessages and copyBytes bound what is under way to the target at once.
	copyMessages = 256
	copyBytes    = 4 << 20
)

// stream copies the messages of a log or a partition with their sequences, and compares both.
func (m *Migration) stream(ctx context.Context, name string) (uint64, error) {
	from, err := m.From.js.Stream(ctx, name)
	if err != nil {
		return 0, fmt.Errorf("open the source: %w", err)
	}
	to, err := m.target(ctx, from.CachedInfo().Config)
	if err != nil {
		return 0, err
	}
	total := from.CachedInfo().State.LastSeq
	for since := time.Now(); ; {
		before, err := m.reached(ctx, to)
		if err != nil {
			return 0, err
		}
		if before >= total {
			break
		}
		err = m.copyFrom(ctx, from, before+1, total)
		after, stateErr := m.reached(ctx, to)
		if stateErr != nil {
			return 0, stateErr
		}
		if after > before {
			since = time.Now()
		}
		if err != nil && (ctx.Err() != nil || time.Since(since) > sharedWithin) {
			return 0, fmt.Errorf("copy: %w", err)
		}
	}
	return total, m.compare(ctx, name, from, to, total)
}

// target opens the stream of the target. Only what it is called, its limit and its own words come from the source: everything
// else is what the target promises.
func (m *Migration) target(ctx context.Context, source jetstream.StreamConfig) (to jetstream.Stream, err error) {
	want := logStreamConfig(LogConfig{}, m.To.replicas)
	want.Name, want.Subjects, want.MaxBytes, want.Metadata = source.Name, source.Subjects, source.MaxBytes, source.Metadata
	want.AllowAtomicPublish = source.AllowAtomicPublish
	want.AllowDirect = !source.AllowAtomicPublish || m.To.replicas == 1 // see ledgerStreamConfig
	err = m.To.settle(ctx, "stream "+source.Name, func(ctx context.Context) (err error) {
		to, err = openStream(ctx, m.To.js, want)
		return err
	})
	return to, err
}

func (m *Migration) reached(ctx context.Context, to jetstream.Stream) (last uint64, err error) {
	err = patientShared().read(ctx, m.To.cfg.shared(), func(ctx context.Context) error {
		state, err := stateOf(ctx, to)
		last = state.LastSeq
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("read state of the target: %w", err)
	}
	return last, nil
}

// copyFrom copies the messages from a sequence on, many at a time. Each one names the one before it, so they are stored in order
// and once or not at all.
func (m *Migration) copyFrom(ctx context.Context, from jetstream.Stream, first, total uint64) error {
	var underWay []jetstream.PubAckFuture
	size := 0
	err := readStream(ctx, from, first, total, func(msg jetstream.Msg, sequence uint64) error {
		future, err := m.To.js.PublishMsgAsync(&nats.Msg{Subject: msg.Subject(), Data: msg.Data()},
			jetstream.WithExpectLastSequence(sequence-1))
		if err != nil {
			return err
		}
		underWay, size = append(underWay, future), size+len(msg.Data())
		if len(underWay) < copyMessages && size < copyBytes && sequence < total {
			return nil
		}
		err = acknowledged(ctx, underWay)
		underWay, size = underWay[:0], 0
		m.tell(MigrationStep{Doing: "copy", Part: from.CachedInfo().Config.Name, Done: sequence, Total: total})
		return err
	})
	return err
}

func acknowledged(ctx context.Context, underWay []jetstream.PubAckFuture) error {
	ctx, cancel := context.WithTimeout(ctx, sharedWithin)
	defer cancel()
	for _, future := range underWay {
		select {
		case <-future.Ok():
		case err := <-future.Err():
			return err
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// readStream visits the messages from first to last, in order and without a gap.
func readStream(ctx context.Context, s jetstream.Stream, first, last uint64, visit func(jetstream.Msg, uint64) error) error {
	if first > last {
		return nil
	}
	consumer, err := s.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: first})
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(copyMessages))
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	defer messages.Stop()
	for next := first; next <= last; next++ {
		msg, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return fmt.Errorf("read message %d: %w", next, err)
		}
		meta, err := msg.Metadata()
		if err != nil {
			return fmt.Errorf("read message %d: %w", next, err)
		}
		if meta.Sequence.Stream != next {
			return fmt.Errorf("%w: message %d is missing", ErrCorrupt, next)
		}
		if err := visit(msg, next); err != nil {
			return err
		}
	}
	return nil
}

// compare reads both streams and holds their digests against each other.
func (m *Migration) compare(ctx context.Context, name string, from, to jetstream.Stream, total uint64) error {
	want, err := m.digest(ctx, name, from, total)
	if err != nil {
		return fmt.Errorf("verify the source: %w", err)
	}
	got, err := m.digest(ctx, name, to, total)
	if err != nil {
		return fmt.Errorf("verify the target: %w", err)
	}
	last, err := m.reached(ctx, to)
	switch {
	case err != nil:
		return err
	case last != total:
		return fmt.Errorf("%w: the target has %d messages, the source %d", ErrCorrupt, last, total)
	case got != want:
		return fmt.Errorf("%w: the target's digest is another one", ErrCorrupt)
	}
	return nil
}

// digest covers the sequence, subject and bytes of every message.
func (m *Migration) digest(ctx context.Context, name string, s jetstream.Stream, total uint64) (sum [sha256.Size]byte, err error) {
	hash := sha256.New()
	err = readStream(ctx, s, 1, total, func(msg jetstream.Msg, sequence uint64) error {
		head := binary.BigEndian.AppendUint64(nil, sequence)
		head = binary.BigEndian.AppendUint32(head, uint32(len(msg.Subject())))
		head = append(head, msg.Subject()...)
		head = binary.BigEndian.AppendUint32(head, uint32(len(msg.Data())))
		hash.Write(head) // never fails
		hash.Write(msg.Data())
		if sequence%copyMessages == 0 || sequence == total {
			m.tell(MigrationStep{Doing: "verify", Part: name, Done: sequence, Total: total})
		}
		return nil
	})
	hash.Sum(sum[:0])
	return sum, err
}
