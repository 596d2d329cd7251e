package policies

import "sync"

// remembered is how many values a memo keeps. Some hundred are met every day; callers who make up names are many more.
const remembered = 4096

// memo remembers values by a text of all that they depend on. It is safe for concurrent use. Whoever gets a value must not change it.
type memo[T any] struct {
	mu     sync.RWMutex
	values map[string]T
}

func (m *memo[T]) get(text []byte) (T, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	value, known := m.values[string(text)]
	return value, known
}

// put forgets everything rather than choosing when there is no more room: what is met often is back at once.
func (m *memo[T]) put(text []byte, value T) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.values) >= remembered || m.values == nil {
		m.values = map[string]T{}
	}
	m.values[string(text)] = value
}
