package batch

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// TestTwoGatewaysShareTheWork at the same moment: each row is written by one of them, and each delivery recorded once.
func TestTwoGatewaysShareTheWork(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	drivers := []*Driver{r.driver(t, "one", nil), r.driver(t, "two", nil)}
	for _, d := range drivers {
		must(t, do(t, d, Telling))
	}
	for n := range 60 {
		r.report(t, "police", n, 1, "A")
	}
	r.clock.night()
	r.table.limit = 5
	for {
		var both sync.WaitGroup
		for _, d := range drivers {
			for _, w := range d.works {
				if w.kind == Telling {
					both.Go(func() {
						if _, err := w.step(testContext(t)); err != nil {
							t.Error(err)
						}
					})
				}
			}
		}
		both.Wait()
		if len(r.table.rows) == 60 {
			break
		}
	}
	if _, ordered := r.table.state(); !ordered || r.counted.of("known") != 0 {
		t.Errorf("in order: %t, %d known", ordered, r.counted.of("known"))
	}
	if got := r.records.outcomes(exchange.ChangeDelivery); got["delivered"] != 60 {
		t.Errorf("records: %v", got)
	}
}

// TestAGatewayThatDiedIsReplaced once its hold is over, and not before.
func TestAGatewayThatDiedIsReplaced(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := testContext(t)
	dead, alive := r.driver(t, "dead", nil), r.driver(t, "alive", nil)
	must(t, do(t, dead, Telling))
	r.report(t, "police", 1, 1, "A")
	r.clock.night()
	for _, w := range dead.works {
		if w.kind == Telling {
			at, revision, err := dead.cfg.Places.read(ctx, w.key)
			must(t, err)
			if _, err := dead.cfg.Places.take(ctx, w.key, at, revision); err != nil {
				t.Fatal(err)
			}
		}
	}
	must(t, do(t, alive, Telling))
	if len(r.table.rows) != 0 {
		t.Error("it did not wait for the other one")
	}
	r.clock.turn(time.Minute)
	must(t, do(t, alive, Telling))
	if len(r.table.rows) != 1 {
		t.Errorf("%d rows", len(r.table.rows))
	}
}

// TestASlowGatewayDoesNotMoveThePlaceBack: while it writes, its hold ends and another one does the work.
func TestASlowGatewayDoesNotMoveThePlaceBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	slow, quick := r.driver(t, "slow", nil), r.driver(t, "quick", nil)
	must(t, do(t, slow, Telling))
	r.report(t, "police", 1, 1, "A")
	r.clock.night()
	partition := r.ledger.Partition(key(1))
	overtaking := r.table.react
	r.table.react = func(string, []exchange.Notice) reaction {
		r.table.react = overtaking
		r.clock.turn(time.Hour)
		r.table.mu.Unlock()
		defer r.table.mu.Lock()
		if _, err := quick.works[partition].step(testContext(t)); err != nil {
			t.Error(err)
		}
		r.report(t, "police", 1, 2, "B")
		return reaction{}
	}
	wait, err := slow.works[partition].step(testContext(t))
	if err != nil || wait != lookAgain {
		t.Errorf("%s, %v", wait, err)
	}
	r.clock.night()
	must(t, do(t, slow, Telling))
	if rows, ordered := r.table.state(); !ordered || len(r.table.rows) != 2 || rows[key(1)].Version != 2 {
		t.Errorf("%d rows, in order: %t", len(r.table.rows), ordered)
	}
}

// lossy loses the answers of some writes, after they were done.
type lossy struct {
	*journal.State
	lose func() bool
}

func (l lossy) Put(ctx context.Context, key string, data []byte, revision uint64) (uint64, error) {
	written, err := l.State.Put(ctx, key, data, revision)
	if err == nil && l.lose() {
		return 0, errors.New("the answer was lost")
	}
	return written, err
}
