package changefeed

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// keepEvery is how often the cursor follows what is done. One write counts for all partitions of a platform that have come further; what
// was told since the last one is told again after a kill.
const keepEvery = 50 * time.Millisecond

// keep makes the cursor follow, beside the work. All lanes do so at the same moments, so that they share the write.
func (s *stint) keep(ctx context.Context) error {
	if s.asides.dirty && !time.Now().Before(s.keepDue) {
		if err := s.storeAsides(ctx); err != nil {
			return err
		}
	}
	if s.held == nil || s.keeping != nil || s.window.floor == s.kept {
		return nil
	}
	now := time.Now()
	if s.keepDue.IsZero() {
		s.keepDue = now.Truncate(keepEvery).Add(keepEvery)
	}
	if now.Before(s.keepDue) {
		return nil
	}
	s.keepDue = time.Time{}
	s.kept = s.window.floor
	kept, ended := s.kept, make(chan error, 1)
	s.keeping = ended
	go func() { ended <- s.held.Advance(context.WithoutCancel(ctx), kept) }()
	return nil
}

// followed ends the cursor's following.
func (s *stint) followed(err error) {
	if s.keeping = nil; err == nil {
		s.window.rested(func(it *item) bool { return !it.aside && it.entry.Revision <= s.kept })
	}
}

// storeAsides makes the asides durable; what was told of them can't come again then.
func (s *stint) storeAsides(ctx context.Context) error {
	if err := s.asides.store(ctx); err != nil {
		return err
	}
	s.window.rested(func(it *item) bool { return it.aside })
	return nil
}

// hold holds the partition and what was set aside on, and looks whether another gateway has switched the endpoint.
func (s *stint) hold(ctx context.Context) error {
	if s.held != nil {
		if err := s.held.Working(ctx); err != nil {
			return err
		}
		if len(s.asides.list) > 0 {
			if err := s.storeAsides(ctx); err != nil {
				return err
			}
		}
	}
	return s.endpoint.health.load(ctx)
}

// end waits for what is under way, has the cursor follow all that is done, and gives the partition up. What is done is done, also while
// stopping.
func (s *stint) end(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.endpoint.holdFor())
	defer cancel()
	for s.under > 0 {
		s.took(<-s.results)
	}
	s.crew.dismiss()
	var problems []error
	if s.keeping != nil {
		problems = append(problems, <-s.keeping)
	}
	if s.asides.release(); s.asides.dirty {
		problems = append(problems, s.asides.store(ctx))
	}
	if s.held == nil {
		return errors.Join(problems...)
	}
	if s.window.floor != s.kept && errors.Join(problems...) == nil {
		problems = append(problems, s.held.Advance(ctx, s.window.floor))
	}
	if err := s.held.Leave(ctx); err != nil {
		problems = append(problems, fmt.Errorf("give up the partition: %w", err))
	}
	return errors.Join(problems...)
}
