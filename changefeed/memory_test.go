package changefeed

import (
	"context"
	"slices"
	"sync"

	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// memory is a ledger and marks without a disk, for the tests that turn the clock: in their bubble nothing may wait for an engine.
type memory struct {
	mu      sync.Mutex
	entries []journal.Entry
	always  error // if set, what every Put fails with
}

func (m *memory) Put(_ context.Context, key string, data []byte, follows journal.Revision) (journal.Revision, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.always != nil {
		return 0, m.always
	}
	if m.last(key).Revision != follows {
		return 0, journal.ErrConflict
	}
	revision := journal.Revision(len(m.entries) + 1)
	m.entries = append(m.entries, journal.Entry{Key: key, Data: data, Revision: revision, Follows: follows})
	return revision, nil
}

func (m *memory) last(key string) journal.Entry {
	for _, entry := range slices.Backward(m.entries) {
		if entry.Key == key {
			return entry
		}
	}
	return journal.Entry{}
}

func (m *memory) Last(_ context.Context, key string) (journal.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	entry := m.last(key)
	if entry.Revision == 0 {
		return entry, journal.ErrNotFound
	}
	return entry, nil
}

func (m *memory) Read(_ context.Context, revision journal.Revision) (journal.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.entries[revision-1], nil
}

func (m *memory) Scan(_ context.Context, visit func(journal.Entry) error) error {
	m.mu.Lock()
	entries := slices.Clone(m.entries)
	newest := map[string]journal.Revision{}
	for _, entry := range entries {
		newest[entry.Key] = entry.Revision
	}
	m.mu.Unlock()
	for _, entry := range entries {
		if newest[entry.Key] != entry.Revision {
			continue
		}
		if err := visit(entry); err != nil {
			return err
		}
	}
	return nil
}

// marks makes a memory a [Marks].
type marks struct{ *memory }

func (m marks) Get(ctx context.Context, key string) (journal.Value, error) {
	entry, err := m.Last(ctx, key)
	return journal.Value{Data: entry.Data, Revision: uint64(entry.Revision)}, err
}

func (m marks) Put(ctx context.Context, key string, data []byte, revision uint64) (uint64, error) {
	written, err := m.memory.Put(ctx, key, data, journal.Revision(revision))
	return uint64(written), err
}
