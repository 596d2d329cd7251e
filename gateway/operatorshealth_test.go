package gateway_test

import (
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/watch"
)

// sampleHealth has an adapter with everything that may be told, and one of which nothing is known.
func sampleHealth() watch.Overview {
	w := watch.New(watch.Config{Clock: testNow})
	w.Add(watch.Part{ID: "tmri", Kind: "tmri", Region: "000000", Role: "source", Version: "v1"})
	w.Add(watch.Part{ID: "idle", Role: "push"})
	w.Breaker("tmri", func() watch.Breaker { return watch.Breaker{State: "open", Wait: time.Second} })
	w.Called("tmri", watch.Call{Took: time.Second})
	w.Called("tmri", watch.Call{Err: exchange.ErrorAt(exchange.SourceDown, exchange.LayerTLS, "no")})
	w.Waiting("tmri", watch.Backlog{Pending: 3, Parked: 1, Lag: time.Second})
	w.Expires("tmri", "serial", testNow())
	w.Tested("tmri")
	seen := w.Overview()
	seen.Node = "n1"
	seen.Flows = []watch.Flow{{From: "tmri", To: "suishenban", Kind: "query", PerMinute: 1.2, Lag: .5, Colour: watch.Green}}
	return seen
}
