package journal

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

const probeName = "probe"

// probe is a stream of one message. Writing it takes the same way to the disk as a record.
type probe struct{ js jetstream.JetStream }

func openProbe(ctx context.Context, js jetstream.JetStream, replicas int) (*probe, error) {
	_, err := openStream(ctx, js, jetstream.StreamConfig{
		Name:     probeName,
		Subjects: []string{probeName},
		Storage:  jetstream.FileStorage,
		Discard:  jetstream.DiscardOld, // only the last probe is of interest
		Replicas: replicas,
		MaxMsgs:  1,
		MaxBytes: -1,
	})
	if err != nil {
		return nil, fmt.Errorf("open readiness probe: %w", err)
	}
	return &probe{js: js}, nil
}

// Ready tells whether a write would be kept now: the engine and all its streams are healthy and a small write reaches the
// disk within ctx; no open log or ledger is full (ErrFull). Of a node of a cluster it also tells whether it has caught up with
// the others, so that another one may be stopped. It costs one sync, so ask it about once a second, not per request.
func (j *Journal) Ready(ctx context.Context) error {
	if err := j.Err(); err != nil {
		return err
	}
	if err := errors.Join(j.engine.health(), j.engine.current()); err != nil {
		return err
	}
	if _, err := j.probe.js.Publish(ctx, probeName, nil, jetstream.WithRetryAttempts(0)); err != nil {
		return fmt.Errorf("journal write probe: %w", translate(err))
	}
	return j.room()
}

// room returns ErrFull when the last write of a log or a ledger was refused for lack of room.
func (j *Journal) room() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for name, l := range j.logs {
		if l.writer.full.Load() {
			return fmt.Errorf("log %s: %w", name, ErrFull)
		}
	}
	for _, l := range j.ledgers {
		for partition, part := range l.parts {
			if part.full.Load() {
				return fmt.Errorf("ledger %s, partition %d: %w", l.cfg.Name, partition, ErrFull)
			}
		}
	}
	return nil
}
