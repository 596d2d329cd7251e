package watch

import (
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// What is configured is shown, what was observed of those that stay is kept.
func TestAdaptersComeAndGo(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.call(nil)
	r.Configure([]Part{{ID: "a", Kind: "tmri", Region: "620000", Role: "poll"}, {ID: "b", Kind: "tmri", Role: "source"}})
	seen := r.Overview().Adapters
	if len(seen) != 2 || seen[0].Region != "620000" || len(seen[0].Roles) != 1 || seen[0].Roles[0] != "poll" || seen[0].FiveMinutes.Tried != 1 {
		t.Errorf("%+v", seen)
	}
	r.Configure([]Part{{ID: "b", Kind: "tmri", Role: "source"}})
	if seen := r.Overview().Adapters; len(seen) != 1 || seen[0].ID != "b" {
		t.Errorf("%+v", seen)
	}
}

// A breaker may be known before its adapter, and counts until it is forgotten.
func TestAForgottenBreakerCountsNoMore(t *testing.T) {
	t.Parallel()
	r := newRig()
	forget := r.Breaker("b", open("open"))
	defer r.Breaker("b", open("closed"))()
	r.Add(Part{ID: "b", Role: "source"})
	if got := r.Overview().Adapters[1].Breaker; got != "open" {
		t.Errorf("the worst counts, got %s", got)
	}
	forget()
	forget()
	if got := r.Overview().Adapters[1].Breaker; got != "closed" {
		t.Errorf("a breaker that was dropped still counts: %s", got)
	}
}

// Clients come while the lights are looked at. The race detector judges.
func TestBreakersComeWhileOthersLook(t *testing.T) {
	t.Parallel()
	r := newRig()
	var under sync.WaitGroup
	under.Go(func() {
		for range 100 {
			r.Breaker("a", open("closed"))()
			r.Configure([]Part{{ID: "a", Kind: "tmri", Role: "source"}})
		}
	})
	for range 100 {
		r.Overview()
		r.Look()
	}
	under.Wait()
}

// Whoever looks at the page must not take the line out of the log.
func TestLookTellsOfWhatAnOverviewSawFirst(t *testing.T) {
	t.Parallel()
	r := newRig()
	r.Look()
	r.call(failure(exchange.LayerTCP))
	if shown := r.Overview().Adapters[0].Lights[1]; shown.Colour != Red {
		t.Fatalf("%+v", shown)
	}
	if changed := r.Look(); len(changed) == 0 {
		t.Error("the change is lost")
	}
}

// An old record of a caller's licence says nothing about the source's data, and a new one does not hide that the canary's is old.
func TestOnlyACanaryTellsHowOldTheDataIs(t *testing.T) {
	t.Parallel()
	r := newRig()
	e := everything{clock: r.clock}
	seen := r.Source(&exchange.Source{ID: "a", Licences: e})
	r.Sighted("a", at(-7200), time.Hour)
	if _, err := seen.Licences.Licence(t.Context(), exchange.SourceRequest{Caller: "zheliban"}); err != nil {
		t.Fatal(err)
	}
	if light := r.Overview().Adapters[0].Lights[2]; light.Colour != Red {
		t.Errorf("a caller's record hides stale data: %+v", light)
	}
}
