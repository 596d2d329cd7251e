package changefeed

import (
	"context"
	"time"
)

// setAside lets the cursor pass licences that fail by themselves: the platform has taken others since. It does so when there is
// no more room behind them, or after a while.
func (s *stint) setAside(ctx context.Context) error {
	changed := false
	for len(s.window.entries) > 0 {
		first := s.window.entries[0]
		c := s.window.ways[first.entry.Key]
		if !s.window.isWaiting(c) || c.trouble.since.IsZero() || !s.takenSince(c.trouble.since) {
			break
		}
		if len(s.window.entries) < windowEntries && s.cfg.Clock().Sub(c.trouble.since) < asideAfter {
			break
		}
		if !s.setWayAside(c) {
			break
		}
		changed = true
		s.window.settle()
	}
	if !changed {
		return nil
	}
	return s.storeAsides(ctx)
}

// setWayAside sets aside what a way has in the window; false: there is no room.
func (s *stint) setWayAside(c *way) bool {
	var fresh []*item
	for _, it := range c.items {
		if !it.aside {
			fresh = append(fresh, it)
		}
	}
	if !s.asides.add(c, fresh, time.Until(c.due)) {
		return false
	}
	for _, it := range fresh {
		it.aside = true
	}
	return true
}
