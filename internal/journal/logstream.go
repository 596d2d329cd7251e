package journal

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	lagging bool // a read may come from a node that does not have the newest messages yet
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
	state, err := stateOf(ctx, s.stream)
	if err != nil {
		return 0, nil, fmt.Errorf("read state of stream: %w", err)
	}
	last := state.LastSeq
	if last == 0 {
		return 0, nil, nil
	}
	payload, err := s.message(ctx, last)
	return last, payload, err
}

// stateOf returns what the stream holds. Between two leaders any node answers with what it has, which may be less than was
// acknowledged; that is an error, and passes.
func stateOf(ctx context.Context, s jetstream.Stream) (jetstream.StreamState, error) {
	info, err := s.Info(ctx)
	if err != nil {
		return jetstream.StreamState{}, err
	}
	if info.Config.Replicas > 1 && (info.Cluster == nil || info.Cluster.Leader == "") {
		return jetstream.StreamState{}, errNoLeader
	}
	return info.State, nil
}

var errNoLeader = errors.New("the stream has no leader at the moment")

// first returns the sequence of the oldest message, 0 for an empty stream.
func (s *logStream) first(ctx context.Context) (uint64, error) {
	state, err := stateOf(ctx, s.stream)
	if err != nil {
		return 0, fmt.Errorf("read state of stream: %w", err)
	}
	return state.FirstSeq, nil
}

// message returns the payload with this sequence. A stream of ours has no holes, so a missing message is ErrCorrupt.
func (s *logStream) message(ctx context.Context, sequence uint64) ([]byte, error) {
	var payload []byte
	err := s.patiently(ctx, func() error {
		msg, err := s.stream.GetMsg(ctx, sequence)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return fmt.Errorf("%w: message %d is missing", ErrCorrupt, sequence)
		}
		if err != nil {
			return fmt.Errorf("read message %d: %w", sequence, err)
		}
		payload = msg.Data
		return nil
	})
	return payload, err
}

// patiently reads again for a while what a node that lags may not have yet.
func (s *logStream) patiently(ctx context.Context, read func() error) error {
	for since := time.Now(); ; pause(ctx, retryPause) {
		err := read()
		if err == nil || !s.lagging || !errors.Is(err, ErrCorrupt) || time.Since(since) > attemptLimit || ctx.Err() != nil {
			return err
		}
	}
}

// messages returns the payloads from this sequence on, in order: at least one, and as many as make up about batchBytes.
// One request for many messages is what makes a scan fast.
func (s *logStream) messages(ctx context.Context, from uint64) (payloads [][]byte, err error) {
	err = s.patiently(ctx, func() error {
		payloads, err = s.batch(ctx, from)
		return err
	})
	return payloads, err
}

func (s *logStream) batch(ctx context.Context, from uint64) ([][]byte, error) {
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
