package batch

import (
	"crypto/sha256"
	"sync"
)

// recent remembers the rows dealt with last, by what names them. Reading goes back a little each time, so that rows which appear late
// are found, and would record every row of the last minutes again with each look. After a restart that happens once: a row that comes
// again has no other effect than being recorded.
type recent struct {
	mu            sync.Mutex
	newer, former map[digest]struct{}
}

// digest names a row in 16 bytes, so that what is remembered takes at most some 10 MB.
type digest [16]byte

const remembered = 100_000

// has reports whether a row is remembered.
func (m *recent) has(id string) bool {
	key := digestOf(id)
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.newer[key]; ok {
		return true
	}
	_, ok := m.former[key]
	if ok { // it would be forgotten while it still comes
		m.keep(key)
	}
	return ok
}

func (m *recent) add(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keep(digestOf(id))
}

// keep remembers one, and forgets the older half of what is remembered when there is no room.
func (m *recent) keep(key digest) {
	if m.newer == nil || len(m.newer) >= remembered {
		m.newer, m.former = map[digest]struct{}{}, m.newer
	}
	m.newer[key] = struct{}{}
}

func digestOf(id string) digest {
	sum := sha256.Sum256([]byte(id))
	return digest(sum[:])
}
