package watch

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// maxFlows bounds the pairs that are kept: configured platforms times sources, a few hundred at most.
const maxFlows = 4096

type flowKey struct{ from, to, kind string }

type flow struct {
	count ring
	lag   time.Duration
}

// flows counts what goes from one platform to another.
type flows struct {
	mu  *sync.Mutex
	all map[flowKey]*flow
}

func newFlows() flows { return flows{&sync.Mutex{}, map[flowKey]*flow{}} }

func (f *flows) add(now time.Time, key flowKey, lag time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	known := f.all[key]
	if known == nil {
		if len(f.all) >= maxFlows {
			return
		}
		known = &flow{count: newRing(5*time.Second, 60)}
		f.all[key] = known
	}
	known.count.add(now, true)
	known.lag = lag
}

// show gives the flows in order. A flow has the colour of the reachability of the adapter at its gateway's far end: the source of an
// answer, the receiver of a change.
func (f *flows) show(now time.Time, reachable map[string]Colour) []Flow {
	f.mu.Lock()
	defer f.mu.Unlock()
	var shown []Flow
	for key, known := range f.all {
		far := key.from
		if key.kind == flowChange {
			far = key.to
		}
		perMinute := float64(known.count.sum(now, fiveMinutes).Tried) / fiveMinutes.Minutes()
		shown = append(shown, Flow{key.from, key.to, key.kind, perMinute, known.lag.Seconds(), cmp.Or(reachable[far], Grey)})
	}
	slices.SortFunc(shown, func(a, b Flow) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.Kind, b.Kind))
	})
	return shown
}

// The kinds of [Flow].
const (
	flowQuery  = "query"
	flowChange = "change"
)
