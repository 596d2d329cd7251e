package zheliban

import (
	"sync"
	"time"
)

// Lives of the two secrets of the sharing platform.
const (
	refreshLife = 48 * time.Hour
	requestLife = 15 * time.Minute
)

// pair holds the two secrets of one app.
type pair struct {
	refresh, request         string
	refreshEnds, requestEnds time.Time
}

// refreshAt gives the refresh secret while it lives, else an empty text.
func (p pair) refreshAt(now time.Time) string {
	if now.Before(p.refreshEnds) {
		return p.refresh
	}
	return ""
}

// requestAt gives the request secret while it lives, else an empty text.
func (p pair) requestAt(now time.Time) string {
	if now.Before(p.requestEnds) {
		return p.request
	}
	return ""
}

// secrets holds the current pair of each app; what was replaced is worth nothing from then on.
type secrets struct {
	mu      sync.Mutex
	current map[string]pair
}

func (s *secrets) get(appKey string) pair {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current[appKey]
}

func (s *secrets) put(appKey string, fresh pair) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == nil {
		s.current = map[string]pair{}
	}
	s.current[appKey] = fresh
}

func (s *secrets) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = nil
}
