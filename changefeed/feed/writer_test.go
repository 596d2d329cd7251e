package feed

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"pgregory.net/rapid"
)

func TestWriteErrorsLeaveNoHoleAndNoLoss(t *testing.T) {
	t.Parallel()
	rows := map[string]struct {
		fault   fault
		code    exchange.Code // of the first try, "" if it succeeds
		retry   bool          // the failure is none of the platform's
		numbers int           // after the change was brought until it was taken
	}{
		"uncertain, stored":     {fault{journal.ErrUncertain, true}, exchange.Internal, true, 2},
		"uncertain, not stored": {fault{journal.ErrUncertain, false}, exchange.Internal, true, 1},
		"full":                  {fault{journal.ErrFull, false}, exchange.Internal, true, 1},
		"overloaded":            {fault{journal.ErrOverloaded, false}, exchange.Overloaded, true, 1},
		"another was first":     {fault{journal.ErrConflict, false}, "", false, 1},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFeeds(t, newMemory(row.fault))
			err := f.Writer("zheliban").Apply(testContext(t), notice(1, 1))
			_, coded := errors.AsType[*exchange.Error](err)
			if exchange.CodeOf(err) != row.code || row.retry && coded && row.code != exchange.Overloaded {
				t.Fatalf("error %v", err)
			}
			if err != nil {
				apply(t, f, notice(1, 1))
			}
			apply(t, f, notice(2, 1))
			changes, _ := readAll(t, f, "zheliban", "", 1)
			if len(changes) != row.numbers+1 || changes[len(changes)-1].Licence != notice(2, 1).Licence {
				t.Errorf("%d changes: %+v", len(changes), changes)
			}
		})
	}
}

// TestEndlessConflictIsGivenUp: another gateway that always comes first is overload, not a hang.
func TestEndlessConflictIsGivenUp(t *testing.T) {
	t.Parallel()
	var always []fault
	for range attempts {
		always = append(always, fault{journal.ErrConflict, false})
	}
	f := newFeeds(t, newMemory(always...))
	if err := f.Writer("zheliban").Apply(testContext(t), notice(1, 1)); exchange.CodeOf(err) != exchange.Overloaded {
		t.Errorf("error %v", err)
	}
}

func TestWhatCannotBeStoredIsRefusedForGood(t *testing.T) {
	t.Parallel()
	f := newFeeds(t, newMemory(), Platform{"zheliban", Full})
	huge, strange := notice(1, 1), notice(1, 1)
	huge.Origin = strings.Repeat("x", maxChangeBytes)
	strange.Fields = exchange.Disclosed{{Name: "status", Value: make(chan int)}}
	for name, n := range map[string]exchange.Notice{"huge": huge, "no JSON": strange} {
		failure, ok := errors.AsType[*exchange.Error](f.Writer("zheliban").Apply(testContext(t), n))
		if !ok || failure.Code != exchange.SourceRefused {
			t.Errorf("%s: %v", name, failure)
		}
	}
}

// holding is a ledger whose first Put waits until it is let go.
type holding struct {
	*memory
	once          sync.Once
	entered, free chan struct{}
}

func (h *holding) Put(ctx context.Context, key string, data []byte, follows journal.Revision) (journal.Revision, error) {
	h.once.Do(func() { close(h.entered); <-h.free })
	return h.memory.Put(ctx, key, data, follows)
}

// TestArrivalsShareABatch: what comes while a batch is on its way goes out as one; who gives up before is not in it.
func TestArrivalsShareABatch(t *testing.T) {
	t.Parallel()
	ledger := &holding{memory: newMemory(), entered: make(chan struct{}), free: make(chan struct{})}
	f := newFeeds(t, ledger)
	w := f.Writer("zheliban")
	const callers = 2*maxChanges + 10
	done := make(chan error, callers+1)
	go func() { done <- w.Apply(testContext(t), notice(0, 1)) }()
	<-ledger.entered
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := w.Apply(gone, notice(9999, 1)); exchange.CodeOf(err) != exchange.SourceTimeout {
		t.Errorf("who left: %v", err)
	}
	for n := range callers {
		go func() { done <- w.Apply(testContext(t), notice(n+1, 1)) }()
	}
	for waiting := 0; waiting < callers; {
		w.mu.Lock()
		waiting = len(w.waiting)
		w.mu.Unlock()
	}
	close(ledger.free)
	for range callers + 1 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	changes, _ := readAll(t, f, "zheliban", "", 100)
	if len(changes) != callers+1 || len(ledger.entries) != 4 {
		t.Errorf("%d changes in %d batches", len(changes), len(ledger.entries))
	}
}

// TestBatchesStayUnderTheBound of the ledger's entries, however large the changes.
func TestBatchesStayUnderTheBound(t *testing.T) {
	t.Parallel()
	ledger := &holding{memory: newMemory(), entered: make(chan struct{}), free: make(chan struct{})}
	f := newFeeds(t, ledger)
	w := f.Writer("zheliban")
	done := make(chan error, 9)
	send := func(n int) {
		large := notice(n, 1)
		large.Origin = strings.Repeat("x", maxChangeBytes-1000)
		done <- w.Apply(testContext(t), large)
	}
	go send(0)
	<-ledger.entered
	for n := range 8 {
		go send(n + 1)
	}
	for waiting := 0; waiting < 8; {
		w.mu.Lock()
		waiting = len(w.waiting)
		w.mu.Unlock()
	}
	close(ledger.free)
	for range 9 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	for key, sealed := range ledger.entries {
		if len(sealed) > 200<<10 {
			t.Errorf("batch %s has %d bytes", key, len(sealed))
		}
	}
}

// TestTwoGatewaysOneList: whatever goes wrong with the writes of two gateways, the list has no hole and no number twice, everything
// acknowledged is in it, and in the order in which one caller brought it.
func TestTwoGatewaysOneList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		fails := rapid.SampledFrom([]fault{{}, {}, {journal.ErrUncertain, true}, {journal.ErrUncertain, false}, {journal.ErrConflict, false}, {journal.ErrOverloaded, false}})
		ledger := newMemory(rapid.SliceOfN(fails, 0, 40).Draw(r, "faults")...)
		gateways := []*Feeds{newFeeds(t, ledger), newFeeds(t, ledger)}
		acknowledged := map[string][]uint64{}
		for step, licence := range rapid.SliceOfN(rapid.IntRange(0, 3), 1, 40).Draw(r, "licences") {
			which := rapid.IntRange(0, 2).Draw(r, "gateway")
			if which == 2 { // one of them starts anew
				gateways[0] = newFeeds(t, ledger)
				which = 0
			}
			n := notice(licence, uint64(step+1))
			if gateways[which].Writer("zheliban").Apply(context.Background(), n) == nil {
				acknowledged[n.Licence] = append(acknowledged[n.Licence], n.Version)
			}
		}
		limit := rapid.IntRange(1, 7).Draw(r, "limit")
		changes, next := readAll(r, gateways[1], "zheliban", "", limit)
		if again, _ := readAll(r, gateways[0], "zheliban", next, limit); len(again) != 0 {
			r.Fatalf("%d changes behind the end", len(again))
		}
		told := map[string][]uint64{}
		for _, c := range changes {
			told[c.Licence] = append(told[c.Licence], c.Version)
		}
		for licence, versions := range acknowledged {
			if !inOrder(told[licence], versions) {
				r.Fatalf("acknowledged %v, in the feed %v", versions, told[licence])
			}
		}
	})
}

// inOrder reports whether all of wanted stand in list, in their order.
func inOrder(list, wanted []uint64) bool {
	for _, one := range list {
		if len(wanted) > 0 && one == wanted[0] {
			wanted = wanted[1:]
		}
	}
	return len(wanted) == 0
}
