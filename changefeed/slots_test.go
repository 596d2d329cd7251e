package changefeed

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// TestSlotsAreTakenInOrder: no more than there are, first come first served; who leaves the queue takes nobody's turn.
func TestSlotsAreTakenInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, served := newSlots(1), make(chan int, 10)
		if err := s.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		impatient, giveUp := context.WithCancel(t.Context())
		for n, ctx := range []context.Context{t.Context(), impatient, t.Context(), t.Context()} {
			go func() {
				if err := s.enter(ctx); err == nil {
					served <- n
					s.leave()
				} else if !errors.Is(err, context.Canceled) || n != 1 {
					t.Errorf("%d: %v", n, err)
				}
			}()
			synctest.Wait() // it is in the queue
		}
		giveUp()
		synctest.Wait()
		if len(served) != 0 {
			t.Error("somebody was let in beside another")
		}
		s.leave()
		synctest.Wait()
		close(served)
		var order []int
		for n := range served {
			order = append(order, n)
		}
		if !slices.Equal(order, []int{0, 2, 3}) || s.taken != 0 {
			t.Errorf("served %v, %d slots taken", order, s.taken)
		}
	})
}

// TestSlotThatComesTooLate goes to the next one: it was given and its taker gave up at the same moment.
func TestSlotThatComesTooLate(t *testing.T) {
	t.Parallel()
	s := newSlots(1)
	if err := s.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	late := make(chan struct{})
	s.queue = append(s.queue, late)
	s.leave()
	<-late
	s.withdraw(late)
	if err := s.enter(t.Context()); err != nil || s.taken != 1 {
		t.Errorf("%v, %d taken", err, s.taken)
	}
}

// TestOldWalksBesideNew: as long as anything new is told of, and for a while after, but no slower than it would catch up.
func TestOldWalksBesideNew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shared := &traffic{}
		behind, other := &endpoint{traffic: shared, slots: newSlots(64)}, &endpoint{traffic: shared, slots: newSlots(4)}
		const many = 6000
		tell := func() time.Duration {
			began := time.Now()
			for range many {
				leave, err := behind.enter(t.Context(), true)
				if err != nil {
					t.Fatal(err)
				}
				leave()
			}
			return time.Since(began)
		}
		if took := tell(); took != 0 {
			t.Errorf("%s beside nothing", took)
		}
		shared.start()
		if took := tell(); took == 0 {
			t.Error("no walk at the start")
		}
		time.Sleep(2 * quietAfter) // of the bubble's clock
		leave, err := other.enter(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		turns := many / (walkPerProcessor * runtime.GOMAXPROCS(0))
		if took, want := tell(), time.Duration(turns)*walkEvery; took < want-2*walkEvery || took > want {
			t.Errorf("%s beside one that is under way, want about %s", took, want)
		}
		leave()
		if took := tell(); took == 0 {
			t.Error("no walk just after something new")
		}
		time.Sleep(2 * quietAfter) // of the bubble's clock
		if took := tell(); took != 0 {
			t.Errorf("%s when all is quiet", took)
		}
	})
}

// TestWalkEndsWithItsContext: who stops does not wait for turns.
func TestWalkEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := &endpoint{traffic: &traffic{fresh: 1}, slots: newSlots(1)}
		e.pace.turn = time.Now().Add(time.Hour)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		began := time.Now()
		if e.walk(ctx); time.Since(began) != 0 {
			t.Errorf("it waited for %s", time.Since(began))
		}
	})
}
