package journal

import "sync"

// tail is the newest end of a partition as this process knows it, shared by all openings of the ledger: where it ends, the latest
// entries, and whoever waits for more.
type tail struct {
	mu     sync.Mutex
	end    Revision              // of the newest entry that was there at the start or stored by this process
	grown  chan struct{}         // closed and forgotten when something was stored; nil: nobody waits
	recent [recentEntries]stored // by sequence; each reader of the same place after the first finds it here
	latest latest
}

const (
	// recentEntries of at most recentBytes are kept for readers who follow the end side by side.
	recentEntries = 64
	recentBytes   = 8 << 10
)

func newTail(end Revision) *tail { return &tail{end: end} }

// told notes that something may have been stored, up to a revision if that is known.
func (t *tail) told(revision Revision) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.end = max(t.end, revision)
	if t.grown != nil {
		close(t.grown)
		t.grown = nil
	}
}

func (t *tail) reached() Revision {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.end
}

// wait gives a channel that closes with the next entry.
func (t *tail) wait() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.grown == nil {
		t.grown = make(chan struct{})
	}
	return t.grown
}

// at gives an entry that somebody has read lately.
func (t *tail) at(revision Revision, sequence uint64) (stored, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.recent[sequence%recentEntries]
	return s, s.revision == revision
}

func (t *tail) keep(s stored, sequence uint64) {
	if len(s.data) > recentBytes {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.recent[sequence%recentEntries] = s
}
