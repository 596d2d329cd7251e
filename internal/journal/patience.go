package journal

import (
	"context"
	"math"
	"time"
)

// patience is how long a write without an answer is repeated.
type patience struct {
	attempts int           // at most
	within   time.Duration // no new attempt after it
	limit    time.Duration // of one attempt
	pause    time.Duration // between two
}

const (
	// attemptLimit is generous: a sync takes a fraction of a millisecond, a stalled disk some seconds.
	attemptLimit = 5 * time.Second

	// attempts times attemptLimit is when a silent engine counts as dead.
	attempts = 6

	// retryPause lets a reconnection finish.
	retryPause = 50 * time.Millisecond

	// sharedLimit is shorter: who does not answer may be the node that just died, and another one leads a few seconds later.
	sharedLimit = time.Second

	// sharedWithin outlasts the election of a leader, which takes 4 to 9 s.
	sharedWithin = 30 * time.Second

	forEver = math.MaxInt64
)

// patient is for an engine in this process: when it says nothing for so long, it is dead.
func patient() patience {
	return patience{attempts: attempts, within: forEver, limit: attemptLimit, pause: retryPause}
}

// patientShared is for nodes that may die and be replaced.
func patientShared() patience {
	return patience{attempts: math.MaxInt, within: sharedWithin, limit: sharedLimit, pause: 2 * retryPause}
}

// withoutEnd is for the log of a node in a cluster: a batch of which nobody knows whether it is stored holds up those after
// it, and a cluster without a majority may get it back. Callers wait as long as their own contexts say.
func (p patience) withoutEnd() patience {
	p.within = forEver
	return p
}

// read repeats a read that got no answer, because a leader has died. Of one node it is asked once.
func (p patience) read(ctx context.Context, shared bool, read func(context.Context) error) error {
	if !shared {
		return read(ctx)
	}
	for since := time.Now(); ; pause(ctx, p.pause) {
		attempt, cancel := context.WithTimeout(ctx, p.limit)
		err := read(attempt)
		cancel()
		if err == nil || isDecided(err) || ctx.Err() != nil || time.Since(since) > p.within {
			return err
		}
	}
}

// again counts an attempt and tells whether it may be made.
func (p *patience) again(since time.Time) bool {
	p.attempts--
	return p.attempts >= 0 && time.Since(since) < p.within
}
