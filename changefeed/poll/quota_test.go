package poll

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// TestTheQuotaHolds with several gateways on one store that restart again and again, and with marks that fail.
func TestTheQuotaHolds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, random := &store{}, rand.New(rand.NewPCG(1, 2))
		s.failMark = func() (error, bool) {
			if random.IntN(10) == 0 {
				return journal.ErrFailed, random.IntN(2) == 0
			}
			return nil, true
		}
		quota := Quota{PerSecond: 2, PerDay: 1000}
		var mu sync.Mutex
		perDay := map[string]int{}
		for range 40 { // processes, two at a time, some hours each
			life, cancel := context.WithTimeout(t.Context(), time.Duration(random.IntN(200)+1)*time.Minute)
			var both sync.WaitGroup
			for range 2 {
				both.Go(func() {
					gate := NewGate("tmri", quota, marks{s}, time.Now)
					last := time.Now()
					for life.Err() == nil {
						err := gate.Enter(life)
						if err != nil {
							pause(life, time.Minute)
							continue
						}
						if since := time.Since(last); since < time.Second/2 {
							t.Errorf("two questions within %s", since)
						}
						mu.Lock()
						perDay[exchange.Today(time.Now()).String()]++
						last = time.Now()
						mu.Unlock()
					}
				})
			}
			both.Wait()
			cancel()
		}
		if len(perDay) < 2 {
			t.Fatal("less than two days")
		}
		for day, asked := range perDay {
			if asked > quota.PerDay {
				t.Errorf("%s: %d questions", day, asked)
			}
			if asked < quota.PerDay/4 {
				t.Errorf("%s: only %d questions", day, asked)
			}
		}
	})
}

func TestPaceSpreadsTheDay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gate := NewGate("tmri", Quota{PerDay: 100}, marks{&store{}}, time.Now)
		begin, asked := time.Now(), 0
		left := tomorrow(begin).Sub(begin)
		for tomorrow(time.Now()).Equal(tomorrow(begin)) {
			if err := gate.Enter(t.Context()); err != nil {
				t.Fatal(err)
			}
			if asked++; asked == 50 && time.Since(begin) < left/3 {
				t.Errorf("half of the day's questions went out in %s of %s", time.Since(begin), left)
			}
			pause(t.Context(), gate.Pace())
		}
		if asked < 90 || asked > 101 {
			t.Errorf("%d questions, want about 100", asked)
		}
		if NewGate("x", Quota{}, marks{&store{}}, time.Now).Pace() != 0 {
			t.Error("a pace without a quota")
		}
	})
}

func TestACountThatCannotBeReadStops(t *testing.T) {
	t.Parallel()
	s := &store{}
	if _, err := (marks{s}).Put(t.Context(), "quota/tmri", []byte("x"), 0); err != nil {
		t.Fatal(err)
	}
	if err := NewGate("tmri", Quota{PerDay: 1}, marks{s}, time.Now).Enter(t.Context()); !errors.Is(err, ErrMark) {
		t.Errorf("got %v", err)
	}
}
