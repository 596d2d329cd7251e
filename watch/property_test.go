package watch

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func errCanceled() error { return context.Canceled }

// past is the property's own account of calls, by the second.
type past []struct {
	second int64
	failed bool
}

// most reports whether over half of the calls of the last so many seconds failed.
func (p past) most(now int64, seconds int64) bool {
	tried, failed := 0, 0
	for _, call := range p {
		if call.second > now-seconds {
			tried++
			if call.failed {
				failed++
			}
		}
	}
	return 2*failed > tried
}

// TestNoLightIsGreenWhileMostCallsFail holds whatever else is observed at the same time.
func TestNoLightIsGreenWhileMostCallsFail(t *testing.T) {
	t.Parallel()
	checked := 0
	for seed := range uint64(60) {
		random, r, calls := rand.New(rand.NewPCG(seed, 1)), newRig(), past(nil)
		share := random.Float64()
		for range 400 {
			if random.IntN(20) == 0 {
				share = random.Float64()
			}
			failed := random.Float64() < share
			r.something(random, failed)
			calls = append(calls, struct {
				second int64
				failed bool
			}{r.clock.now().Unix(), failed})
			now := r.clock.now().Unix()
			if calls.most(now, 15) || calls.most(now, 300) {
				checked++
				r.noneGreen(t, seed)
			}
			r.clock.turn(time.Duration(random.IntN(4000)) * time.Millisecond)
		}
	}
	if checked < 1000 {
		t.Errorf("only %d looks while most calls failed", checked)
	}
}

// something makes one call and, around it, observations that speak well of the adapter, or ill.
func (r rig) something(random *rand.Rand, failed bool) {
	layers := []exchange.Layer{"", "dns", "tcp", "tls", "http", "time", "clock", "signature", "credential", "format"}
	var err error
	if failed {
		err = failure(layers[random.IntN(len(layers))])
	}
	r.Called("a", Call{Took: time.Duration(random.IntN(1e9)), Err: err, Canary: random.IntN(2) == 0})
	for _, observe := range []func(){
		func() { r.Probed("a", nil) },
		func() { r.Compared("a", random.IntN(9) > 0, "") },
		func() { r.Sighted("a", r.clock.now(), time.Hour) },
		func() { r.Arrived("a", random.IntN(9) > 0) },
		func() { r.Waiting("a", Backlog{Lag: time.Duration(random.IntN(400)) * time.Second}) },
		func() { r.Skewed("a", time.Duration(random.IntN(60))*time.Second) },
	} {
		if random.IntN(3) == 0 {
			observe()
		}
	}
}

func (r rig) noneGreen(t *testing.T, seed uint64) {
	t.Helper()
	for _, light := range r.Overview().Adapters[0].Lights {
		if light.Colour == Green {
			t.Fatalf("seed %d: %+v", seed, light)
		}
	}
}
