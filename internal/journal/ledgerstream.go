package journal

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/synadia-io/orbit.go/jetstreamext"
)

// ledgerStream is the JetStream stream behind one partition of a ledger.
type ledgerStream struct {
	numbering
	js     jetstream.JetStream
	stream jetstream.Stream
	shared bool // by several nodes: reads are repeated while there is no leader
}

// stored is an entry as it lies in the stream.
type stored struct {
	frame
	key       string
	partition int
	revision  Revision
	at        time.Time
}

func (s stored) entry() Entry {
	return Entry{Key: s.key, Data: s.data, Revision: s.revision, Follows: s.follows, Partition: s.partition,
		StoredAt: s.at.UTC()}
}

func (s *ledgerStream) name() string { return s.stream.CachedInfo().Config.Name }

func (s *ledgerStream) publish(ctx context.Context, p *proposal) (Revision, error) {
	ack, err := s.js.PublishMsg(ctx, &nats.Msg{Subject: p.subject, Data: p.payload},
		jetstream.WithExpectLastSequencePerSubject(s.sequence(p.follows)), jetstream.WithRetryAttempts(0))
	if err != nil {
		return 0, translate(err)
	}
	return s.revision(ack.Sequence), nil
}

func (s *ledgerStream) publishBatch(ctx context.Context, batch []*proposal) ([]Revision, error) {
	messages := make([]*nats.Msg, len(batch))
	for i, p := range batch {
		expect := strconv.FormatUint(s.sequence(p.follows), 10)
		messages[i] = &nats.Msg{Subject: p.subject, Data: p.payload,
			Header: nats.Header{jetstream.ExpectedLastSubjSeqHeader: {expect}}}
	}
	// Without flow control: a batch is at most 1 MiB, and its only answer is the one that counts.
	ack, err := jetstreamext.PublishMsgBatch(ctx, s.js, messages, jetstreamext.BatchFlowControl{})
	if err != nil {
		return nil, translate(err)
	}
	revisions := make([]Revision, len(batch)) // a batch is stored in one piece
	for i := range revisions {
		revisions[i] = s.revision(ack.Sequence - uint64(len(batch)-1-i))
	}
	return revisions, nil
}

func (s *ledgerStream) last(ctx context.Context, subject string) (stored, error) {
	return s.get(ctx, func(ctx context.Context) (*jetstream.RawStreamMsg, error) {
		return s.stream.GetLastMsgForSubject(ctx, subject)
	})
}

func (s *ledgerStream) read(ctx context.Context, revision Revision) (stored, error) {
	return s.message(ctx, s.sequence(revision))
}

// next returns the first entry after this revision, or ErrNotFound. A stream of ours has no holes.
func (s *ledgerStream) next(ctx context.Context, revision Revision) (stored, error) {
	return s.message(ctx, s.after(revision))
}

func (s *ledgerStream) message(ctx context.Context, sequence uint64) (stored, error) {
	return s.get(ctx, func(ctx context.Context) (*jetstream.RawStreamMsg, error) { return s.stream.GetMsg(ctx, sequence) })
}

func (s *ledgerStream) get(ctx context.Context, ask func(context.Context) (*jetstream.RawStreamMsg, error)) (stored, error) {
	var msg *jetstream.RawStreamMsg
	err := patientShared().read(ctx, s.shared, func(ctx context.Context) (err error) {
		if msg, err = ask(ctx); errors.Is(err, jetstream.ErrMsgNotFound) {
			return ErrNotFound
		}
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return stored{}, ErrNotFound
	}
	if err != nil {
		return stored{}, fmt.Errorf("read entry: %w", err)
	}
	return decodeStored(msg.Subject, msg.Data, s.revision(msg.Sequence), msg.Time)
}

// end returns the sequence of the newest message, as its leader knows it.
func (s *ledgerStream) end(ctx context.Context) (last uint64, err error) {
	err = patientShared().read(ctx, s.shared, func(ctx context.Context) error {
		state, err := stateOf(ctx, s.stream)
		last = state.LastSeq
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("read state of stream: %w", err)
	}
	return last, nil
}

// decodeStored reads an entry with what its subject says about it: ledger.<name>.<partition>.<key>.
func decodeStored(subject string, payload []byte, revision Revision, at time.Time) (stored, error) {
	tokens := strings.Split(subject, ".")
	if len(tokens) != 4 {
		return stored{}, fmt.Errorf("%w: revision %d has a subject of %d parts", ErrCorrupt, revision, len(tokens))
	}
	partition, err := strconv.Atoi(tokens[2])
	if err != nil {
		return stored{}, fmt.Errorf("%w: revision %d is in no partition", ErrCorrupt, revision)
	}
	key := tokens[3]
	f, err := decodeFrame(key, payload)
	if err != nil {
		return stored{}, fmt.Errorf("revision %d: %w", revision, err)
	}
	return stored{frame: f, key: key, partition: partition, revision: revision, at: at}, nil
}
