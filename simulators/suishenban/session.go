package suishenban

import (
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// sessionLife is counted from the login; use does not prolong it.
const sessionLife = 30 * time.Minute

type sessions struct {
	mint standin.Mint
	mu   sync.Mutex
	ends map[string]time.Time
}

func (s *sessions) open(now time.Time) string {
	id := s.mint.Next("suishenban session")
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ends == nil {
		s.ends = map[string]time.Time{}
	}
	s.ends[id] = now.Add(sessionLife)
	return id
}

func (s *sessions) valid(id string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return now.Before(s.ends[id])
}

func (s *sessions) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ends = nil
}
