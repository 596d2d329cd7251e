package journal

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// states copies every state that is on disk, what cursors have done among them, and compares.
func (m *Migration) states(ctx context.Context) (count int, err error) {
	names, err := m.From.streamNames(ctx, bucketPrefix)
	if err != nil {
		return 0, err
	}
	slices.SortStableFunc(names, ofCursorsFirst)
	for _, name := range names {
		if name == bucketPrefix+statePrefix+markBucket { // says where the source came from, not where the target did
			continue
		}
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

// ofCursorsFirst puts what cursors have done before all other states.
func ofCursorsFirst(a, b string) int {
	rank := func(name string) int {
		if strings.HasPrefix(name, bucketPrefix+statePrefix+cursorsBucket) {
			return 0
		}
		return 1
	}
	return cmp.Compare(rank(a), rank(b))
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
		if errors.Is(err, jetstream.ErrKeyNotFound) && m.InUse { // its time was over
			continue
		}
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
