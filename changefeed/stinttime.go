package changefeed

import (
	"time"
)

// over reports whether the stint has come to its end.
func (s *stint) over() bool {
	busy := s.under > 0 || len(s.window.entries) > 0 || s.keeping != nil || s.kept != s.window.floor
	if soonest, any := s.window.soonest(false); any && !soonest.After(time.Now()) {
		busy = busy || s.held != nil || time.Now().Before(s.until)
	}
	if busy {
		s.quit = time.Time{}
		return false
	}
	if s.held == nil || s.news == nil {
		return true
	}
	if s.quit.IsZero() {
		s.quit = time.Now().Add(lingerFor)
	}
	return !time.Now().Before(s.quit)
}

// sleep is the time until something is due without anybody saying so.
func (s *stint) sleep() time.Duration {
	next := time.Now().Add(lookAgain)
	sooner := func(at time.Time) {
		if !at.IsZero() && at.Before(next) {
			next = at
		}
	}
	sooner(s.quit)
	if s.keeping == nil && s.kept != s.window.floor {
		sooner(s.keepDue)
	}
	probe := s.rest.failures > 0
	if soonest, any := s.window.soonest(probe); any && (s.under == 0 || !probe && s.under < laneWidth) {
		if probe && soonest.Before(s.rest.until) {
			soonest = s.rest.until
		}
		sooner(soonest)
	}
	return max(0, time.Until(next))
}
