package poll

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// TestWhateverHappensTheBookEndsLikeTheSource: licences change at random, several in one second, visible late; the source fails, the
// store fails in either way, the process stops and starts. In the end everything that the source holds is known.
func TestWhateverHappensTheBookEndsLikeTheSource(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { newWorld(t, seed).play() })
		})
	}
}

// world is one random history.
type world struct {
	t      *testing.T
	random *rand.Rand
	faults *rand.Rand // the store's, which asks from goroutines of its own
	rig    *rig
	source *table
	last   map[int]int // points by citizen
	begin  time.Time
}

func newWorld(t *testing.T, seed uint64) *world {
	return &world{
		t: t, random: rand.New(rand.NewPCG(seed, 7)), faults: rand.New(rand.NewPCG(seed, 8)), rig: newRig(),
		source: newTable(seed%2 == 0), last: map[int]int{}, begin: time.Now(),
	}
}

func (w *world) play() {
	w.rig.store.failMark = func() (error, bool) {
		return sometimes(w.faults, 5, journal.ErrFailed), w.faults.IntN(2) == 0
	}
	for range 12 {
		stop := start(w.t, w.rig.incremental(w.source, w.begin).Run)
		for range w.random.IntN(40) {
			w.step()
		}
		stop()
		if w.random.IntN(3) == 0 {
			time.Sleep(time.Duration(w.random.IntN(600)) * time.Second)
		}
	}
	w.rig.store.failMark = nil
	stop := start(w.t, w.rig.incremental(w.source, w.begin).Run)
	time.Sleep(10 * time.Minute)
	stop()
	for n, points := range w.last {
		known := w.rig.known(w.t, citizen(w.t, n))
		if known.State == nil || *known.State.Stands.Points != points {
			w.t.Errorf("citizen %d: want %d points, known %v", n, points, known.State != nil)
		}
	}
}

func (w *world) step() {
	for range w.random.IntN(8) {
		n, points := w.random.IntN(60), w.random.IntN(13)
		w.last[n] = points
		late := time.Duration(w.random.IntN(int(overlap.Seconds())-10)) * time.Second
		w.source.set(citizen(w.t, n), time.Now(), facts(points), late)
	}
	if w.random.IntN(6) == 0 {
		w.source.fail(&exchange.Error{Code: exchange.SourceDown}, sometimes(w.random, 2, &exchange.Error{Code: exchange.SourceInvalid}))
	}
	time.Sleep(time.Duration(w.random.IntN(4000)) * time.Millisecond)
}

// sometimes gives the error once in n times.
func sometimes(random *rand.Rand, n int, err error) error {
	if random.IntN(n) == 0 {
		return err
	}
	return nil
}
