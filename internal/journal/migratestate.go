package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// states copies every state that is on disk, what cursors have done among them, and compares.
func (m *Migration) states(ctx context.Context) (count int, err error) {
	names, err := m.From.streamNames(ctx, bucketPrefix)
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		copied, err := m.state(ctx, name)
		if err != nil {
			return count, fmt.Errorf("%s: %w", name, err)
		}
		if copied {
			count++
		}
	}
	return count, nil
}

// state copies one bucket. It tells false of one that lives in memory.
func (m *Migration) state(ctx context.Context, stream string) (bool, error) {
	s, err := m.From.js.Stream(ctx, stream)
	if err != nil {
		return false, fmt.Errorf("open the source: %w", err)
	}
	cfg := s.CachedInfo().Config
	if cfg.Storage != jetstream.FileStorage {
		return false, nil
	}
	bucket := strings.TrimPrefix(stream, bucketPrefix)
	from, err := m.From.js.KeyValue(ctx, bucket)
	if err != nil {
		return false, fmt.Errorf("open the source: %w", err)
	}
	to, err := m.targetBucket(ctx, bucket, StateConfig{Name: strings.TrimPrefix(bucket, statePrefix), TTL: cfg.MaxAge})
	if err != nil {
		return false, err
	}
	return true, m.values(ctx, from, to)
}

func (m *Migration) targetBucket(ctx context.Context, bucket string, cfg StateConfig) (*State, error) {
	if !strings.HasPrefix(bucket, statePrefix) {
		return nil, fmt.Errorf("bucket %s is not a state", bucket)
	}
	var kv jetstream.KeyValue
	err := m.To.settle(ctx, "state "+cfg.Name, func(ctx context.Context) (err error) {
		kv, err = m.To.openBucket(ctx, cfg)
		return err
	})
	return &State{name: cfg.Name, kv: kv, shared: m.To.cfg.shared()}, err
}

// values copies what is missing or different and reads each value back.
func (m *Migration) values(ctx context.Context, from jetstream.KeyValue, to *State) error {
	keys, err := from.ListKeys(ctx)
	if err != nil {
		return fmt.Errorf("list the source: %w", err)
	}
	defer func() { _ = keys.Stop() }()
	for key := range keys.Keys() {
		entry, err := from.Get(ctx, key)
		if err != nil {
			return fmt.Errorf("read the source: %w", err)
		}
		if err := m.value(ctx, to, key, entry.Value()); err != nil {
			return err
		}
	}
	return nil
}

func (m *Migration) value(ctx context.Context, to *State, key string, data []byte) error {
	held, err := to.Get(ctx, key)
	if err == nil && bytes.Equal(held.Data, data) {
		return nil
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if _, err := to.Put(ctx, key, data, held.Revision); err != nil {
		return err
	}
	if held, err = to.Get(ctx, key); err == nil && !bytes.Equal(held.Data, data) {
		err = fmt.Errorf("%w: the target has another value under a key", ErrCorrupt)
	}
	return err
}

// cursors makes every cursor of the source in the target, at its place, and compares what is left to do.
func (m *Migration) cursors(ctx context.Context) (count int, err error) {
	names, err := m.From.streamNames(ctx, ledgerPrefix)
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		from, err := m.From.js.Stream(ctx, name)
		if err != nil {
			return count, fmt.Errorf("open the source: %w", err)
		}
		to, err := m.To.js.Stream(ctx, name)
		if err != nil {
			return count, fmt.Errorf("open the target: %w", err)
		}
		list := from.ListConsumers(ctx)
		for info := range list.Info() {
			if info.Config.Metadata[epochKey] == "" { // not a cursor of ours
				continue
			}
			if err := m.cursor(ctx, to, info); err != nil {
				return count, fmt.Errorf("cursor %s of %s: %w", info.Name, name, err)
			}
			count++
		}
		if err := list.Err(); err != nil {
			return count, fmt.Errorf("list cursors of %s: %w", name, err)
		}
	}
	return count, nil
}

// cursor makes one cursor. Its place is what the engine knows to be done; what is done beyond that is in the states, and the
// cursor recognises it as it does after a crash.
func (m *Migration) cursor(ctx context.Context, to jetstream.Stream, source *jetstream.ConsumerInfo) error {
	want := source.Config
	want.AckWait, want.Replicas = m.To.lease(source.Config.AckWait), 0
	want.DeliverPolicy, want.OptStartSeq = jetstream.DeliverByStartSequencePolicy, source.AckFloor.Stream+1
	var made jetstream.Consumer
	err := m.To.settle(ctx, "cursor "+source.Name, func(ctx context.Context) (err error) {
		made, err = openConsumer(ctx, to, want)
		return err
	})
	if err != nil {
		return err
	}
	info, err := made.Info(ctx)
	if err != nil {
		return fmt.Errorf("read the place: %w", err)
	}
	todo := source.NumPending + uint64(source.NumAckPending)
	if info.NumPending+uint64(info.NumAckPending) != todo {
		return fmt.Errorf("%w: the target has %d entries to do, the source %d", ErrCorrupt, info.NumPending, todo)
	}
	return nil
}
