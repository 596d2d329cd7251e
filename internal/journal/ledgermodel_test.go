package journal

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// ledgerModel is what a ledger must be: a map, and for a cursor a list per partition.
type ledgerModel struct {
	t      *testing.T
	dir    string
	name   string
	j      *Journal
	ledger *Ledger

	last    map[string]Entry
	history []Entry
	done    [modelPartitions]int // entries of the partition that the cursor has done
}

const modelPartitions = 2

var errNotAsModelled = errors.New("not as modelled")

func (m *ledgerModel) open(t *rapid.T) {
	var err error
	if m.ledger, err = m.j.Ledger(m.t.Context(), LedgerConfig{Name: m.name, Partitions: modelPartitions}); err != nil {
		t.Fatal(err)
	}
}

// Restart closes the journal and opens it again, which is slow, so it comes seldom.
func (m *ledgerModel) Restart(t *rapid.T) {
	if rapid.IntRange(0, 9).Draw(t, "seldom") != 0 {
		t.Skip()
	}
	shut(m.t, m.j)
	m.j = open(m.t, m.dir)
	m.open(t)
}

// Put stores after the right revision or after any other.
func (m *ledgerModel) Put(t *rapid.T) {
	key := drawKey(t)
	follows := m.last[key].Revision
	if rapid.Bool().Draw(t, "wrong") {
		follows = Revision(rapid.IntRange(0, len(m.history)+1).Draw(t, "follows"))
	}
	data := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "data")
	revision, err := m.ledger.Put(m.t.Context(), key, data, follows)
	switch right := follows == m.last[key].Revision; {
	case right && err == nil:
		m.store(key, data, follows, revision)
	case right || !errors.Is(err, ErrConflict):
		t.Fatalf("put after %d, the key is at %d: %d, %v", follows, m.last[key].Revision, revision, err)
	}
}

// Race lets twenty writers put the first entry of keys of which some exist and some are drawn twice.
func (m *ledgerModel) Race(t *rapid.T) {
	keys := rapid.SliceOfN(rapid.StringMatching(`[a-h]`), 20, 20).Draw(t, "keys")
	revisions := make([]Revision, len(keys))
	var wg sync.WaitGroup
	for i, key := range keys {
		wg.Go(func() {
			var err error
			revisions[i], err = m.ledger.Put(m.t.Context(), key, fmt.Append(nil, i), 0)
			if err != nil && !errors.Is(err, ErrConflict) {
				t.Errorf("put: %v", err)
			}
		})
	}
	wg.Wait()
	winners := make(map[Revision]int)
	for i, revision := range revisions {
		if revision != 0 {
			winners[revision] = i
		}
	}
	for _, revision := range slices.Sorted(maps.Keys(winners)) {
		i := winners[revision]
		partition := m.ledger.Partition(keys[i])
		if next := numberingOf(partition, modelPartitions).revision(uint64(len(m.partition(partition)) + 1)); revision != next {
			t.Fatalf("revision %d is nobody's", next)
		}
		if _, exists := m.last[keys[i]]; exists {
			t.Fatalf("revision %d has a rival", revision)
		}
		m.store(keys[i], fmt.Append(nil, i), 0, revision)
	}
	for _, key := range keys {
		if _, exists := m.last[key]; !exists {
			t.Fatalf("nobody won %s", key)
		}
	}
}

func (m *ledgerModel) store(key string, data []byte, follows, revision Revision) {
	e := Entry{Key: key, Data: data, Revision: revision, Follows: follows, Partition: m.ledger.Partition(key)}
	m.last[key] = e
	m.history = append(m.history, e)
}

// Read takes the next entry of a partition and is done with it, gives it back, or leaves it.
func (m *ledgerModel) Read(t *rapid.T) {
	partition := rapid.IntRange(0, modelPartitions-1).Draw(t, "partition")
	todo := m.partition(partition)[m.done[partition]:]
	c, err := m.ledger.Cursor(m.t.Context(), CursorConfig{Name: "wechat", Partition: partition})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := c.Pending(m.t.Context()); err != nil || b.Entries != uint64(len(todo)) {
		t.Fatalf("partition %d: backlog %+v, %v; want %d", partition, b, err, len(todo))
	}
	if len(todo) == 0 {
		return
	}
	d, err := c.Next(testContext(m.t))
	if err != nil || same(d.Entry, todo[0]) != nil {
		t.Fatalf("partition %d: next %+v, %v; want %+v", partition, d, err, todo[0])
	}
	if rapid.Bool().Draw(t, "retry") {
		err = d.Retry(m.t.Context(), 0)
	} else {
		err = d.Done(m.t.Context())
		m.done[partition]++
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (m *ledgerModel) partition(partition int) (entries []Entry) {
	for _, e := range m.history {
		if e.Partition == partition {
			entries = append(entries, e)
		}
	}
	return entries
}

// Check compares everything that can be read.
func (m *ledgerModel) Check(t *rapid.T) {
	for _, want := range m.history {
		if got, err := m.ledger.Read(m.t.Context(), want.Revision); err != nil || same(got, want) != nil {
			t.Fatalf("read %+v, %v; want %+v", got, err, want)
		}
	}
	for key, want := range m.last {
		if got, err := m.ledger.Last(m.t.Context(), key); err != nil || same(got, want) != nil {
			t.Fatalf("last %+v, %v; want %+v", got, err, want)
		}
	}
	seen := 0
	err := m.ledger.Scan(m.t.Context(), func(e Entry) error {
		seen++
		return same(e, m.last[e.Key])
	})
	if err != nil || seen != len(m.last) {
		t.Fatalf("scan of %d keys, %v; want %d", seen, err, len(m.last))
	}
}

func same(got, want Entry) error {
	if got.StoredAt.IsZero() || got.Key != want.Key || string(got.Data) != string(want.Data) ||
		got.Revision != want.Revision || got.Follows != want.Follows || got.Partition != want.Partition {
		return errNotAsModelled
	}
	return nil
}

func drawKey(t *rapid.T) string {
	return rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "key")
}

func TestLedgerIsAMapWithAHistory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir)
	checks := 0
	rapid.Check(t, func(rt *rapid.T) {
		checks++
		m := &ledgerModel{t: t, dir: dir, name: fmt.Sprint("check-", checks), j: j, last: make(map[string]Entry)}
		m.open(rt)
		defer func() { j = m.j }()
		rt.Repeat(map[string]func(*rapid.T){
			"Put": m.Put, "Race": m.Race, "Read": m.Read, "Restart": m.Restart, "": m.Check,
		})
	})
}
