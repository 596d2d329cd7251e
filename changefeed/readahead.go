package changefeed

import (
	"context"
	"time"
)

// readAhead takes entries up while there is room. Whoever does not hold the partition takes none.
func (s *stint) readAhead(ctx context.Context) error {
	room := windowEntries - len(s.window.entries)
	if s.held == nil || !s.more || room < windowEntries/4 && len(s.window.waiting) > 0 || !s.until.IsZero() && time.Now().After(s.until) {
		return nil
	}
	for room > 0 && s.more {
		entries, err := s.cursor.After(ctx, s.window.last, room)
		for _, entry := range entries {
			s.window.take(entry)
		}
		room -= len(entries)
		s.more = len(entries) > 0                     // a reading may bring fewer than there are
		if err != nil && len(s.window.entries) == 0 { // else a damaged entry stops the cursor when it comes to it
			return err
		}
		if err != nil {
			return nil
		}
	}
	return nil
}
