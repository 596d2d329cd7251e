package app

import (
	"maps"
	"slices"
	"sync"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// told are the platforms that are told of changes, as reloads leave them. It is safe for concurrent use; only one at a time may change
// what an adapter is behind.
type told struct {
	lasting map[string]*lasting // those that an adapter is behind, in a form that outlasts what is behind them; reloads only

	mu  sync.Mutex
	all receivers // never changed, but replaced; held by mu
}

// open takes in what the start found.
func (t *told) open(a *App, all receivers) {
	t.lasting, t.all = map[string]*lasting{}, receivers{}
	for i := range a.config.Receivers {
		configured := &a.config.Receivers[i]
		if receiver := all[configured.ID]; receiver != nil {
			t.lasts(configured, newLeasedReceiver(receiver, printOfReceiver(a.config, configured), a.warnClosing))
		}
	}
}

// lasts gives a receiver that an adapter is behind the form that the delivery holds.
func (t *told) lasts(configured *config.Receiver, behind *leasedReceiver) *exchange.Receiver {
	l := &lasting{configured: configured}
	l.now.Store(behind)
	outer := *behind.receiver
	outer.Changes, outer.Close = l, func() error { l.now.Load().leave(); return nil }
	if outer.Holdings != nil {
		outer.Holdings = lastingHoldings{l}
	}
	t.lasting[configured.ID] = l
	t.put(&outer)
	return &outer
}

// now gives the receivers of this moment, not to be changed.
func (t *told) now() receivers {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.all
}

// put takes in a receiver.
func (t *told) put(receiver *exchange.Receiver) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = maps.Clone(t.all)
	t.all[receiver.ID] = receiver
}

// drop forgets a receiver.
func (t *told) drop(id string) {
	delete(t.lasting, id)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = maps.Clone(t.all)
	delete(t.all, id)
}

// pushed gives the ids of those that are told: not of who fetches its changes itself.
func (t *told) pushed() []string {
	var ids []string
	for id, receiver := range t.now() {
		if receiver.Kind != feedKind {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// configured gives the settings that each of them goes by; of one that a reload can't change those of the start.
func (t *told) configured(start *config.Config) []config.Receiver {
	var all []config.Receiver
	for i := range start.Receivers {
		if start.Receivers[i].Kind == feedKind {
			all = append(all, start.Receivers[i])
		}
	}
	for _, id := range slices.Sorted(maps.Keys(t.lasting)) {
		all = append(all, *t.lasting[id].configured)
	}
	return all
}
