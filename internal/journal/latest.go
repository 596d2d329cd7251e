package journal

import (
	"errors"
	"sync"
)

// latest keeps the newest entries of some keys of a partition, as they were read lately: platforms that catch up side by side ask for the
// same ones. It is true only while this process alone writes the partition, and while it knows what became of each of its Puts.
type latest struct {
	mu      sync.Mutex
	entries map[string]stored // by key
	places  [latestKeys]string
	next    int
	puts    uint64 // that have ended
	unsure  bool   // a Put may still come into effect: nothing is known any more
}

// latestKeys of at most recentBytes are kept in each partition.
const latestKeys = 64

func (l *latest) get(key string) (stored, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s, known := l.entries[key]
	return s, known
}

// reading gives what keep wants to know, before the reading begins.
func (l *latest) reading() (puts uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.puts
}

// keep takes what was read, unless a Put has ended since, which may have been of this key.
func (l *latest) keep(s stored, puts uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.unsure || l.puts != puts || len(s.data) > recentBytes {
		return
	}
	if l.entries == nil {
		l.entries = make(map[string]stored, latestKeys)
	}
	if _, known := l.entries[s.key]; known {
		return
	}
	delete(l.entries, l.places[l.next])
	l.entries[s.key], l.places[l.next] = s, s.key
	l.next = (l.next + 1) % latestKeys
}

// ended forgets the key of a Put, before its caller hears of it.
func (l *latest) ended(key string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.puts++
	delete(l.entries, key)
	if errors.Is(err, ErrUncertain) {
		l.unsure, l.entries = true, nil
	}
}
