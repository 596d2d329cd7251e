package app

// Connected gives the hosts that are probed now, by adapter.
func (a *App) Connected() map[string][]string {
	hosts := map[string][]string{}
	for id, targets := range a.sight.wiring.targets() {
		for _, target := range targets {
			hosts[id] = append(hosts[id], target.hosts...)
		}
	}
	return hosts
}

// Opened counts the parts whose clients are watched.
func (a *App) Opened() int {
	a.sight.wiring.mu.Lock()
	defer a.sight.wiring.mu.Unlock()
	return len(a.sight.wiring.open)
}
