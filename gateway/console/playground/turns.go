package playground

import (
	"sync"
	"sync/atomic"
)

// mostAtOnce is how many trials run at a time, whoever asks for them: the gateway's own work goes first.
const mostAtOnce = 2

// turns bound what is tried at a time.
type turns struct {
	mu   sync.Mutex
	busy map[string]*progress // by session
}

// progress is how far a trial is.
type progress struct{ done, all atomic.Int64 }

func (p *progress) tell(done, all int) {
	p.done.Store(int64(done))
	p.all.Store(int64(all))
}

// take takes the session's turn, nil if it has one already or too many others have. Who got one calls leave.
func (t *turns) take(session string) *progress {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.busy[session] != nil || len(t.busy) >= mostAtOnce {
		return nil
	}
	t.busy[session] = &progress{}
	return t.busy[session]
}

// of gives how far the session's trial is; 0 of 0 where there is none, or it doesn't tell.
func (t *turns) of(session string) (done, all int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if p := t.busy[session]; p != nil {
		return p.done.Load(), p.all.Load()
	}
	return 0, 0
}

func (t *turns) leave(session string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.busy, session)
}
