package lights

import (
	"cmp"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

// mostTroubles is how many troubles the overview lists; the rest is one click away.
const mostTroubles = 6

// staleAfter is how old an overview may be before the page says so: what nobody renews proves nothing.
const staleAfter = 30 * time.Second

// summary is the overview in a few numbers.
type summary struct {
	Red, Yellow, Grey, Green int
	Queries, Changes         float64 // per minute
	Lag                      float64 // seconds, of the worst
	Parked                   int
}

func summarise(o *watch.Overview) summary {
	var s summary
	for i := range o.Adapters {
		a := &o.Adapters[i]
		s.count(a.Worst())
		s.Parked += a.Parked
		s.Lag = max(s.Lag, a.OldestUndelivered)
	}
	for _, flow := range o.Flows {
		if flow.Kind == "change" {
			s.Changes += flow.PerMinute
		} else {
			s.Queries += flow.PerMinute
		}
	}
	return s
}

func (s *summary) count(colour watch.Colour) {
	switch colour {
	case watch.Red:
		s.Red++
	case watch.Yellow:
		s.Yellow++
	case watch.Green:
		s.Green++
	default:
		s.Grey++
	}
}

// trouble is one light that is red or yellow.
type trouble struct {
	Adapter *watch.Adapter
	Light   watch.Light
}

// troubles gives the worst first, and of those the ones that last for longest.
func troubles(o *watch.Overview) []trouble {
	var found []trouble
	for i := range o.Adapters {
		for _, light := range o.Adapters[i].Lights {
			if light.Colour == watch.Red || light.Colour == watch.Yellow {
				found = append(found, trouble{&o.Adapters[i], light})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b trouble) int {
		return cmp.Or(badness(b.Light.Colour)-badness(a.Light.Colour), a.Light.Since.Compare(b.Light.Since))
	})
	return found
}

// badness orders colours: red, yellow, grey, green.
func badness(c watch.Colour) int {
	switch c {
	case watch.Red:
		return 3
	case watch.Yellow:
		return 2
	case watch.Green:
		return 0
	}
	return 1
}

func (p pages) overview(v *console.Visit) error {
	o := p.watcher.Overview()
	all := troubles(&o)
	return v.Show("overview", struct {
		Overview watch.Overview
		Summary  summary
		Troubles []trouble
		More     int
		Picture  picture
		Stale    bool
	}{o, summarise(&o), all[:min(len(all), mostTroubles)], max(0, len(all)-mostTroubles), draw(&o), v.Now.Sub(o.At) > staleAfter})
}
