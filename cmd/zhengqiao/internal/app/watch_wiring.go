package app

import (
	"slices"
	"sync"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/watch"
)

// wiring is what the gateway's adapters are connected by at this moment: after a reload, for a while, the new clients of an adapter beside
// those that still work for requests that began with them. It is safe for concurrent use.
type wiring struct {
	breaker func(id string, state func() watch.Breaker) (forget func())

	mu   sync.Mutex
	open []*wires // in the order in which they were opened
}

// wires are the clients of one part of an adapter that was opened, such as a source.
type wires struct {
	of      *wiring // nil: nobody watches
	id      string
	part    string
	hosts   []string // such as https://example.gov.cn:8443
	clients []*outbound.Client
	forget  []func()
}

// target is one part of an adapter: its hosts and the client that reaches them.
type target struct {
	client *outbound.Client
	hosts  []string
}

// wire has the clients watched that a part opens by the dependencies that it gives. A nil wiring watches nothing.
func (w *wiring) wire(id, part string, settings configured, deps outbound.Deps) (outbound.Deps, *wires) {
	if w == nil {
		return deps, &wires{}
	}
	mine := &wires{of: w, id: id, part: part, hosts: hostsOf(settings)}
	w.mu.Lock()
	w.open = append(w.open, mine)
	w.mu.Unlock()
	deps.Track = mine.track
	return deps, mine
}

func (m *wires) track(client *outbound.Client) {
	forget := m.of.breaker(m.id, func() watch.Breaker { return watch.Breaker{State: client.State(), Wait: client.NextProbe()} })
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	m.clients, m.forget = append(m.clients, client), append(m.forget, forget)
}

// drop takes the clients out of what is watched, when the part was closed or could not be opened.
func (m *wires) drop() {
	if m.of == nil {
		return
	}
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	m.of.open = slices.DeleteFunc(m.of.open, func(w *wires) bool { return w == m })
	for _, forget := range m.forget {
		forget()
	}
}

// closing gives the part's own way to close it, and drops the clients with it.
func (m *wires) closing(own func() error) func() error {
	return func() error {
		m.drop()
		if own == nil {
			return nil
		}
		return own()
	}
}

// targets gives what can be connected to now, by adapter: of each part the one that was opened last.
func (w *wiring) targets() map[string][]target {
	w.mu.Lock()
	defer w.mu.Unlock()
	all, taken := map[string][]target{}, map[[2]string]bool{}
	for _, wires := range slices.Backward(w.open) {
		part := [2]string{wires.id, wires.part}
		if taken[part] || len(wires.clients) == 0 || len(wires.hosts) == 0 {
			continue
		}
		taken[part] = true
		all[wires.id] = append(all[wires.id], target{wires.clients[0], wires.hosts})
	}
	return all
}
