package changefeed

import (
	"context"
	"time"
)

// result is what came of the work on a way's first item.
type result struct {
	way    *way
	round  int64
	fate   itemFate
	alive  bool          // the platform has said something sensible
	wait   time.Duration // of an item that failed, until its next try
	advice time.Duration // the platform's own
	void   bool          // an operator has spoken meanwhile: the failure says nothing
}

// itemFate is what becomes of an item.
type itemFate int

const (
	untried itemFate = iota // it was given back: we are stopping, or the platform has just failed
	settled                 // told, found to be nothing to tell, or parked
	failed                  // to be tried again
)

// rest is the platform's trouble as a lane sees it: nothing was taken since the first of so many failures. Then one licence after the
// other is tried, with growing waits, so that a platform that is down is not overrun, and one licence that fails by itself is found
// out.
type rest struct {
	failures int
	until    time.Time
}

// begin starts work on the ways whose turn it is.
func (s *stint) begin(ctx context.Context) {
	now, width := time.Now(), laneWidth
	if s.held == nil && now.After(s.until) {
		return
	}
	probe := s.rest.failures > 0
	if probe {
		if width = 1; now.Before(s.rest.until) {
			return
		}
	}
	for s.under < width {
		chosen := s.window.start(now, probe)
		if chosen == nil {
			return
		}
		it, newest, round := chosen.items[0], !s.more && len(chosen.items) == 1 && s.until.IsZero(), s.round.Load()
		s.crew.hand(s.under, func() result { return s.attempt(ctx, chosen, it, newest, round) }, s.results)
		s.under++
	}
}

// attempt tells of one item. newest says that it is the licence's newest entry.
func (s *stint) attempt(ctx context.Context, c *way, it *item, newest bool, round int64) result {
	r := result{way: c, round: round}
	leave, err := s.endpoint.enter(ctx, s.isOld(it))
	if err != nil {
		return r
	}
	defer leave()
	if round != s.round.Load() {
		return r
	}
	_, switched := s.endpoint.health.now() // before the attempt: a switch while it is under way counts
	c.trouble.begin(s.cfg.Clock())
	outcome, err := s.tellItem(ctx, it, newest)
	switch {
	case err == nil:
		s.cfg.observe(s.endpoint.Platform, outcome)
		r.fate, r.alive = settled, outcome == OutcomeDelivered
	case ctx.Err() == nil:
		s.failed(ctx, &r, it, err, switched)
	}
	return r
}

// took deals with a result.
func (s *stint) took(r result) {
	s.under--
	switch r.fate {
	case untried:
		s.window.again(r.way, time.Time{})
		return
	case settled:
		s.settled(r.way, r.alive && s.endpoint.EveryVersion)
	case failed:
		s.window.again(r.way, time.Now().Add(r.wait))
		s.asides.tried(r.way, r.wait)
		if !r.way.items[0].aside { // that has its own waits, and says nothing of the platform
			s.tire(&r)
		}
	}
	if r.alive {
		s.rest = rest{}
	}
}

// settled ends the work on an item. A platform that wants every version is told a licence's next one only when this one can't come again:
// after a kill it would hear of the older one behind the newer one.
func (s *stint) settled(c *way, rest bool) {
	was := c.items[0]
	s.window.done(c, rest)
	if was.aside {
		s.asides.drop(was)
	}
}

// tire counts a failure, but not those that were under way beside one that counts already, nor those that an operator's word
// has made void.
func (s *stint) tire(r *result) {
	if r.round != s.round.Load() || r.void {
		return
	}
	s.round.Add(1)
	s.rest.failures++
	s.rest.until = time.Now().Add(s.cfg.Patience.wait(s.rest.failures, r.advice, s.cfg.Random))
}

func (t *trouble) begin(now time.Time) {
	if t.since.IsZero() {
		t.since = now
	}
	t.attempts++
}
