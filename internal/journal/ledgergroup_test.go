package journal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

// stubBatches is a batchStore that waits at the gate and then answers with what fault says.
type stubBatches struct {
	gate  chan struct{}
	fault func(batch []*proposal) error

	mu   sync.Mutex
	keys [][]string // of each batch
	last Revision
}

func (s *stubBatches) publishBatch(_ context.Context, batch []*proposal) ([]Revision, error) {
	<-s.gate
	s.mu.Lock()
	defer s.mu.Unlock()
	var keys []string
	for _, p := range batch {
		keys = append(keys, p.key)
	}
	s.keys = append(s.keys, keys)
	if s.fault != nil {
		if err := s.fault(batch); err != nil {
			return nil, err
		}
	}
	revisions := make([]Revision, len(batch))
	for i := range revisions {
		s.last++
		revisions[i] = s.last
	}
	return revisions, nil
}

func openGate() chan struct{} {
	gate := make(chan struct{})
	close(gate)
	return gate
}

func newProposal(key string) *proposal {
	return &proposal{key: key, payload: []byte(key), verdict: make(chan verdict, 1)}
}

// enterAll takes one proposal for each key without waiting for a verdict.
func enterAll(t *testing.T, g *group, keys ...string) (all []*proposal) {
	t.Helper()
	for _, key := range keys {
		p := newProposal(key)
		if err := g.enter(p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func manyKeys(prefix string, n int) (keys []string) {
	for i := range n {
		keys = append(keys, fmt.Sprint(prefix, i))
	}
	return keys
}

// occupied is a group with as many Puts going alone as may, so that the next ones wait.
func occupied(t *testing.T, s batchStore, limit int) *group {
	t.Helper()
	g := newGroup(s, limit, batchPuts)
	for _, p := range enterAll(t, g, manyKeys("alone-", batchPuts)...) {
		if v := <-p.verdict; v != (verdict{}) {
			t.Fatalf("one of a few does not go alone: %+v", v)
		}
	}
	return g
}

func TestFewGoAloneAndManyTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &stubBatches{gate: openGate()}
		g := occupied(t, s, 100)
		waiting := enterAll(t, g, manyKeys("together-", batchPuts)...)
		for i, p := range waiting {
			if v := <-p.verdict; v.revision != Revision(i+1) {
				t.Errorf("%s: %+v", p.key, v)
			}
		}
		late := enterAll(t, g, "late")[0]
		synctest.Wait()
		if len(late.verdict) != 0 {
			t.Error("more go alone than may")
		}
		g.leave()
		if v := <-late.verdict; v != (verdict{}) {
			t.Errorf("after one has left: %+v", v)
		}
	})
}

// TestEachOfAFailedBatchGoesAlone also shows what is known about it then.
func TestEachOfAFailedBatchGoesAlone(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		err      error
		doubtful bool
	}{"conflict": {errSequence, false}, "full": {ErrFull, false}, "no answer": {errLost, true}} {
		synctest.Test(t, func(t *testing.T) {
			s := &stubBatches{gate: openGate(), fault: func([]*proposal) error { return row.err }}
			g := occupied(t, s, 100)
			for _, p := range enterAll(t, g, manyKeys("k-", batchPuts)...) {
				if v := <-p.verdict; v.revision != 0 || v.doubtful != row.doubtful {
					t.Errorf("%s: %+v", name, v)
				}
			}
			if g.alone != 2*batchPuts {
				t.Errorf("%s: %d go alone", name, g.alone)
			}
		})
	}
}

func TestBatchHoldsAKeyOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		s := &stubBatches{gate: gate}
		g := occupied(t, s, 100)
		keys := manyKeys("k-", batchPuts)
		all := enterAll(t, g, keys...)
		synctest.Wait() // the first batch is on its way
		all = append(all, enterAll(t, g, append(slices.Clone(keys), keys...)...)...)
		close(gate)
		for i, p := range all {
			if v := <-p.verdict; v.revision != Revision(i+1) {
				t.Errorf("%s: %+v, want revision %d", p.key, v, i+1)
			}
		}
		if len(s.keys) != 3 {
			t.Errorf("%d batches: %v", len(s.keys), s.keys)
		}
		for _, batch := range s.keys {
			if !slices.Equal(batch, keys) {
				t.Errorf("batch of %v", batch)
			}
		}
	})
}

func TestManyOfOneKeyGoAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &stubBatches{gate: openGate()}
		g := occupied(t, s, 100)
		same := make([]string, batchPuts)
		for i := range same {
			same[i] = "same"
		}
		first := enterAll(t, g, same...)[0]
		if v := <-first.verdict; v != (verdict{}) || len(s.keys) != 0 {
			t.Errorf("%+v after %d batches", v, len(s.keys))
		}
	})
}

func TestBatchIsBounded(t *testing.T) {
	t.Parallel()
	var waiting []*proposal
	for _, key := range manyKeys("k-", maxBatchRecords+10) {
		waiting = append(waiting, newProposal(key))
	}
	batch, rest := split(waiting)
	if len(batch) != maxBatchRecords || len(rest) != 10 || rest[0] != waiting[maxBatchRecords] {
		t.Errorf("batch of %d, rest of %d", len(batch), len(rest))
	}
	for _, p := range waiting[:3] {
		p.payload = make([]byte, maxBatchBytes/2)
	}
	if batch, rest := split(waiting); len(batch) != 2 || len(batch)+len(rest) != len(waiting) {
		t.Errorf("large ones: batch of %d, rest of %d", len(batch), len(rest))
	}
	waiting[0].payload = make([]byte, 2*maxBatchBytes)
	if batch, _ := split(waiting); len(batch) != 1 {
		t.Errorf("a huge one: batch of %d", len(batch))
	}
}

func TestWhoLeavesTheGroupIsNotCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		s := &stubBatches{gate: gate, fault: func([]*proposal) error { return errSequence }}
		g := occupied(t, s, batchPuts)
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		early := enterAll(t, g, "early")[0]
		if _, err := g.await(cancelled, early); !errors.Is(err, context.Canceled) || errors.Is(err, ErrUncertain) {
			t.Errorf("given up before it was on its way: %v", err)
		}
		all := enterAll(t, g, manyKeys("k-", batchPuts)...)
		synctest.Wait() // they are on their way
		if _, err := g.await(cancelled, all[0]); !errors.Is(err, ErrUncertain) || !errors.Is(err, context.Canceled) {
			t.Errorf("given up on its way: %v", err)
		}
		enterAll(t, g, manyKeys("more-", batchPuts)...)
		if err := g.enter(newProposal("too many")); !errors.Is(err, ErrOverloaded) {
			t.Errorf("one too many: %v", err)
		}
		close(gate)
		synctest.Wait()
		if want := 3*batchPuts - 1; g.alone != want {
			t.Errorf("%d go alone, want %d", g.alone, want)
		}
	})
}

func TestCloseWaitsForTheGroup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := occupied(t, &stubBatches{gate: openGate()}, 100)
		waiting := enterAll(t, g, "waiting")[0]
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		if err := g.close(cancelled); !errors.Is(err, context.Canceled) {
			t.Errorf("close without time: %v", err)
		}
		if err := g.enter(newProposal("late")); !errors.Is(err, ErrClosed) {
			t.Errorf("after close: %v", err)
		}
		for range batchPuts + 1 {
			g.leave()
		}
		if v := <-waiting.verdict; v != (verdict{}) {
			t.Errorf("what waited at the close: %+v", v)
		}
		if err := g.close(t.Context()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
}
