package changefeed

import (
	"context"
	"errors"
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

// TestOldGivesWayToNew until there is nothing new, but not for ever.
func TestOldGivesWayToNew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shared := &traffic{}
		quick, slow := &endpoint{traffic: shared, slots: newSlots(4)}, &endpoint{traffic: shared, slots: newSlots(4)}
		old := func() time.Duration {
			began := time.Now()
			leave, err := quick.enter(t.Context(), true)
			if err != nil {
				t.Error(err)
				return 0
			}
			leave()
			return time.Since(began)
		}
		if waited := old(); waited != 0 {
			t.Errorf("waited %s for nobody", waited)
		}
		leave, err := slow.enter(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		if waited := old(); waited != giveWayFor {
			t.Errorf("waited %s for one that stays", waited)
		}
		waited := make(chan time.Duration)
		go func() { waited <- old() }()
		synctest.Wait()
		time.Sleep(time.Millisecond) // of the bubble's clock
		leave()
		if got := <-waited; got != time.Millisecond {
			t.Errorf("waited %s for one that left", got)
		}
	})
}
