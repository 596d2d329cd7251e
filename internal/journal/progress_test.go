package journal

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
)

// stubValue keeps one value with a revision. Before each write it takes the next fault, if there is one.
type stubValue struct {
	mu     sync.Mutex
	value  Value
	writes int
	faults []fault
	before func() // called in each Put before it counts: what another node does meanwhile
}

func (s *stubValue) Get(context.Context, string) (Value, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.value.Revision == 0 {
		return Value{}, ErrNotFound
	}
	return s.value, nil
}

func (s *stubValue) Put(_ context.Context, _ string, data []byte, revision uint64) (uint64, error) {
	if s.before != nil {
		s.before()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var f fault
	if len(s.faults) > 0 {
		f, s.faults = s.faults[0], s.faults[1:]
		if !f.stored {
			return 0, f.err
		}
	}
	if revision != s.value.Revision {
		return 0, ErrConflict
	}
	s.writes++
	s.value = Value{Data: data, Revision: revision + 1}
	return s.value.Revision, f.err
}

func TestProgressOutcomes(t *testing.T) {
	t.Parallel()
	failed, stored := fault{err: errLost}, fault{stored: true, err: errLost}
	for name, row := range map[string]struct {
		faults []fault
		want   error
		writes int
	}{
		"answered":               {writes: 1},
		"failed":                 {faults: []fault{failed}, writes: 1},
		"failed but it was kept": {faults: []fault{stored}, writes: 1},
		"another node was first": {faults: []fault{{err: ErrConflict}}, writes: 1},
		"never answered":         {faults: []fault{failed, failed, failed, failed, failed, failed}, want: ErrUncertain},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &stubValue{faults: row.faults}
				p := newProgress(s, "wechat", 2)
				if err := p.put(t.Context(), 1, done{1, 7}); !errors.Is(err, row.want) {
					t.Errorf("error %v, want %v", err, row.want)
				}
				if s.writes != row.writes {
					t.Errorf("written %d times, want %d", s.writes, row.writes)
				}
				want := done{1, 7}
				if row.want != nil {
					want = done{}
				}
				if got, err := newProgress(s, "wechat", 2).get(t.Context(), 1); err != nil || got != want {
					t.Errorf("the store has %+v, %v", got, err)
				}
			})
		})
	}
}

// TestProgressOfTwoNodesIsMerged writes from two nodes that do not know of each other's rows.
func TestProgressOfTwoNodesIsMerged(t *testing.T) {
	t.Parallel()
	s := &stubValue{}
	one, two := newProgress(s, "wechat", 2), newProgress(s, "wechat", 2)
	for upTo := range Revision(5) {
		for partition, p := range []*progress{one, two} {
			if err := p.put(t.Context(), partition, done{1, upTo + 1}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for partition := range 2 {
		if got, err := one.get(t.Context(), partition); err != nil || got != (done{1, 5}) {
			t.Errorf("partition %d: %+v, %v", partition, got, err)
		}
	}
}

// TestPartitionsShareOneWrite holds the first write until fifteen more partitions wait: they take one write together.
func TestPartitionsShareOneWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		s := &stubValue{before: func() { <-gate }}
		p := newProgress(s, "wechat", 16)
		var wg sync.WaitGroup
		for partition := range 16 {
			wg.Go(func() {
				if err := p.put(t.Context(), partition, done{1, 7}); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait() // the first is in its write, the others wait for the next
		}
		close(gate)
		wg.Wait()
		if s.writes != 2 {
			t.Errorf("%d writes, want 2", s.writes)
		}
	})
}

func TestProgressIsNotGuessed(t *testing.T) {
	t.Parallel()
	damaged := newProgress(&stubValue{value: Value{Data: []byte("x"), Revision: 1}}, "wechat", 2)
	if err := damaged.put(t.Context(), 0, done{1, 7}); !errors.Is(err, ErrCorrupt) {
		t.Errorf("over a damaged table: %v", err)
	}
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		p := newProgress(&stubValue{before: func() { <-gate }}, "wechat", 2)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := p.put(ctx, 0, done{1, 7}); !errors.Is(err, ErrUncertain) || !errors.Is(err, context.Canceled) {
			t.Errorf("given up: %v", err)
		}
		close(gate)
	})
}
