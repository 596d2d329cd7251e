package journal

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// State is a small set of named values, each with a revision for compare-and-set: watermarks, cursors, marks.
// A write that returned nil is synced to disk, unless the state is Volatile.
type State struct {
	name   string
	kv     jetstream.KeyValue
	shared bool // by several nodes: reads are repeated while there is no leader
}

// Value is what a key holds.
type Value struct {
	Data []byte

	// Revision grows with every write to the state and is never 0 for a stored value.
	Revision uint64
}

// State opens the state of this name, creating it when it does not exist. It may be opened more than once.
// Errors: ErrWeakSettings when the stored state would keep less than cfg says.
func (j *Journal) State(ctx context.Context, cfg StateConfig) (*State, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	var kv jetstream.KeyValue
	err := j.settle(ctx, "state "+cfg.Name, func(ctx context.Context) (err error) {
		kv, err = j.openBucket(ctx, cfg)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open state %s: %w", cfg.Name, err)
	}
	return &State{name: cfg.Name, kv: kv, shared: j.cfg.shared()}, nil
}

func (j *Journal) openBucket(ctx context.Context, cfg StateConfig) (jetstream.KeyValue, error) {
	want := jetstream.KeyValueConfig{Bucket: statePrefix + cfg.Name, History: 1, TTL: cfg.TTL,
		Storage: jetstream.FileStorage, Replicas: j.replicas}
	if cfg.Volatile {
		want.Storage = jetstream.MemoryStorage
	}
	kv, err := j.js.KeyValue(ctx, want.Bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		kv, err = j.createBucket(ctx, want)
	}
	if err != nil {
		return nil, fmt.Errorf("open bucket: %w", translate(err))
	}
	return kv, j.checkBucket(ctx, want)
}

// createBucket makes a bucket. A replicated one is made as a stream, because the library would let each node answer reads:
// from one that lags, so that every write that follows such a read would fail.
func (j *Journal) createBucket(ctx context.Context, want jetstream.KeyValueConfig) (jetstream.KeyValue, error) {
	if want.Replicas == 1 {
		return j.js.CreateKeyValue(ctx, want)
	}
	metadata, _ := marked(nil)
	_, err := j.js.CreateStream(ctx, jetstream.StreamConfig{
		Name: "KV_" + want.Bucket, Subjects: []string{"$KV." + want.Bucket + ".>"}, Storage: want.Storage, Replicas: want.Replicas,
		Discard: jetstream.DiscardNew, MaxMsgs: -1, MaxBytes: -1, MaxMsgsPerSubject: 1, MaxAge: want.TTL, AllowRollup: true,
		DenyDelete: true, Metadata: metadata,
	})
	if err != nil {
		return nil, err
	}
	return j.js.KeyValue(ctx, want.Bucket)
}

// checkBucket applies the stream check to the bucket's stream and makes it whole.
func (j *Journal) checkBucket(ctx context.Context, want jetstream.KeyValueConfig) error {
	s, err := j.js.Stream(ctx, "KV_"+want.Bucket)
	if err != nil {
		return fmt.Errorf("read settings of bucket: %w", err)
	}
	got := s.CachedInfo().Config
	err = checkStream(got, jetstream.StreamConfig{Name: got.Name, Storage: want.Storage, Discard: jetstream.DiscardNew,
		Replicas: want.Replicas, MaxAge: want.TTL, MaxMsgs: -1, MaxMsgsPerSubject: 1, AllowRollup: true})
	if err == nil {
		err = weakest("stream "+got.Name, []finding{{got.AllowDirect == (want.Replicas == 1), "a read may come from a node that lags"}})
	}
	if err == nil {
		_, err = makeWhole(ctx, j.js, s, got)
	}
	return err
}

// Get returns the value of key, or ErrNotFound.
func (s *State) Get(ctx context.Context, key string) (Value, error) {
	var entry jetstream.KeyValueEntry
	err := patientShared().read(ctx, s.shared, func(ctx context.Context) (err error) {
		if entry, err = s.kv.Get(ctx, key); errors.Is(err, jetstream.ErrKeyNotFound) {
			err = ErrNotFound
		}
		return err
	})
	if err != nil {
		return Value{}, fmt.Errorf("read state %s: %w", s.name, err)
	}
	return Value{Data: entry.Value(), Revision: entry.Revision()}, nil
}

// Put writes data under key if the key still has the given revision, and returns the new one. Revision 0 means that the
// key must not exist. Otherwise ErrConflict: read again and decide again. Any other error leaves open whether the value was
// written: read it again. Keys: a-z, A-Z, 0-9 and - / _ = . inside; never a personal number.
func (s *State) Put(ctx context.Context, key string, data []byte, revision uint64) (uint64, error) {
	written, err := s.write(ctx, key, data, revision)
	if err != nil {
		return 0, fmt.Errorf("write state %s: %w", s.name, conflict(translate(err)))
	}
	return written, nil
}

func (s *State) write(ctx context.Context, key string, data []byte, revision uint64) (uint64, error) {
	if revision == 0 {
		return s.kv.Create(ctx, key, data)
	}
	return s.kv.Update(ctx, key, data, revision)
}

func conflict(err error) error {
	if errors.Is(err, errSequence) || errors.Is(err, jetstream.ErrKeyExists) {
		return fmt.Errorf("%w: %w", ErrConflict, err)
	}
	return err
}
