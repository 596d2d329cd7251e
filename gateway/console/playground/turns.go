package playground

import "sync"

// mostAtOnce is how many trials run at a time, whoever asks for them: the gateway's own work goes first.
const mostAtOnce = 2

// turns bound what is tried at a time.
type turns struct {
	mu   sync.Mutex
	busy map[string]bool // by session
}

// take takes the session's turn, false if it has one already or too many others have. Who got one calls leave.
func (t *turns) take(session string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.busy[session] || len(t.busy) >= mostAtOnce {
		return false
	}
	t.busy[session] = true
	return true
}

func (t *turns) leave(session string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.busy, session)
}
