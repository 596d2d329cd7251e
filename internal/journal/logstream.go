package journal

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/synadia-io/orbit.go/jetstreamext"
)

// logStream is the JetStream stream behind one log.
type logStream struct {
	js      jetstream.JetStream
	stream  jetstream.Stream
	subject string
}

// logStreamConfig is what a log promises, in the engine's words. Message ids are not used: the expected sequence already
// keeps a repeated write single, without the memory of a window of ids.
func logStreamConfig(cfg LogConfig, replicas int) jetstream.StreamConfig {
	limit := cfg.MaxBytes
	if limit == 0 {
		limit = -1
	}
	return jetstream.StreamConfig{
		Name:        "log-" + cfg.Name,
		Subjects:    []string{"log." + cfg.Name},
		Retention:   jetstream.LimitsPolicy,
		Storage:     jetstream.FileStorage,
		Discard:     jetstream.DiscardNew, // a full log refuses the new record, it never drops an old one
		Replicas:    replicas,
		MaxMsgs:     -1,
		MaxBytes:    limit,
		DenyDelete:  true,
		DenyPurge:   true,
		AllowDirect: true,
		PersistMode: jetstream.DefaultPersistMode,
	}
}

func (s *logStream) publish(ctx context.Context, payload []byte, last uint64) (uint64, error) {
	ack, err := s.js.PublishMsg(ctx, &nats.Msg{Subject: s.subject, Data: payload},
		jetstream.WithExpectLastSequence(last), jetstream.WithRetryAttempts(0))
	if err != nil {
		return 0, translate(err)
	}
	return ack.Sequence, nil
}

func (s *logStream) tail(ctx context.Context) (uint64, []byte, error) {
	info, err := s.stream.Info(ctx)
	if err != nil {
		return 0, nil, fmt.Errorf("read state of stream: %w", err)
	}
	last := info.State.LastSeq
	if last == 0 {
		return 0, nil, nil
	}
	payload, err := s.message(ctx, last)
	return last, payload, err
}

// first returns the sequence of the oldest message, 0 for an empty stream.
func (s *logStream) first(ctx context.Context) (uint64, error) {
	info, err := s.stream.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("read state of stream: %w", err)
	}
	return info.State.FirstSeq, nil
}

// message returns the payload with this sequence. A stream of ours has no holes, so a missing message is ErrCorrupt.
func (s *logStream) message(ctx context.Context, sequence uint64) ([]byte, error) {
	msg, err := s.stream.GetMsg(ctx, sequence)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, fmt.Errorf("%w: message %d is missing", ErrCorrupt, sequence)
	}
	if err != nil {
		return nil, fmt.Errorf("read message %d: %w", sequence, err)
	}
	return msg.Data, nil
}

// messages returns the payloads from this sequence on, in order: at least one, and as many as make up about batchBytes.
// One request for many messages is what makes a scan fast.
func (s *logStream) messages(ctx context.Context, from uint64) ([][]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptLimit)
	defer cancel()
	batch, err := jetstreamext.GetBatch(ctx, s.js, s.stream.CachedInfo().Config.Name, batchMessages,
		jetstreamext.GetBatchSeq(from), jetstreamext.GetBatchMaxBytes(batchBytes))
	if err != nil {
		return nil, fmt.Errorf("read from message %d: %w", from, err)
	}
	var payloads [][]byte
	for msg, err := range batch {
		if errors.Is(err, jetstreamext.ErrNoMessages) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read from message %d: %w", from, err)
		}
		if msg.Sequence != from+uint64(len(payloads)) { // the engine steps over a hole without a word
			break
		}
		payloads = append(payloads, msg.Data)
	}
	if len(payloads) == 0 {
		return nil, fmt.Errorf("%w: message %d is missing", ErrCorrupt, from)
	}
	return payloads, nil
}

const (
	batchMessages = 512
	batchBytes    = 4 << 20
)

// translate tells apart the refusals that are certain. What it leaves alone counts as an open outcome. A stream at its
// size limit shares one code with real storage failures and differs by its text only.
func translate(err error) error {
	var api *jetstream.APIError
	if !errors.As(err, &api) {
		return err
	}
	switch id := server.ErrorIdentifier(api.ErrorCode); {
	case api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence,
		api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant: // replicated streams answer with the second
		return fmt.Errorf("%w: %w", errSequence, err)
	case id == server.JSInsufficientResourcesErr, id == server.JSStorageResourcesExceededErr,
		id == server.JSStreamStoreFailedF && api.Description == server.ErrMaxBytes.Error():
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}
