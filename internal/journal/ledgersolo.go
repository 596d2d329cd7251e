package journal

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ledgerStore is what writing one entry needs from the engine.
type ledgerStore interface {
	// publish stores the proposal if its key's last revision is the one it follows, and returns its revision once it is
	// synced. Errors: errSequence and ErrFull are certain refusals, anything else leaves the outcome open.
	publish(ctx context.Context, p *proposal) (Revision, error)

	// last returns the newest entry of the subject, or ErrNotFound.
	last(ctx context.Context, subject string) (stored, error)

	// read returns the entry with this revision, or ErrNotFound.
	read(ctx context.Context, revision Revision) (stored, error)
}

// solo stores one entry with a certain outcome. A write without an answer is repeated unchanged: because it names the
// revision it follows, at most one copy can be stored, however late the first one arrives.
type solo struct {
	store    ledgerStore
	health   func() error // why repeating is useless, or nil
	fail     func(error)  // told when the engine cannot be used any more
	patience patience
}

// put returns the revision of the stored proposal. doubtful: an earlier attempt of somebody went without an answer.
func (s *solo) put(ctx context.Context, p *proposal, doubtful bool) (Revision, error) {
	var err error
	for left, since := s.patience, time.Now(); left.again(since); {
		var revision Revision
		revision, err = s.attempt(ctx, p, doubtful)
		if err == nil || isFinal(err) {
			return revision, err
		}
		doubtful = true
		if ctx.Err() != nil {
			return 0, fmt.Errorf("%w: %w", ErrUncertain, context.Cause(ctx))
		}
		if sick := s.health(); sick != nil {
			err = fmt.Errorf("%w: %w: %w: %w", ErrUncertain, ErrFailed, sick, err)
			s.fail(err)
			return 0, err
		}
		pause(ctx, s.patience.pause)
	}
	return 0, fmt.Errorf("%w: no certain answer: %w", ErrUncertain, err)
}

func isFinal(err error) bool { return errors.Is(err, ErrConflict) || errors.Is(err, ErrFull) }

func (s *solo) attempt(ctx context.Context, p *proposal, doubtful bool) (Revision, error) {
	ctx, cancel := context.WithTimeout(ctx, s.patience.limit)
	defer cancel()
	revision, err := s.store.publish(ctx, p)
	refused := errors.Is(err, errSequence) || errors.Is(err, ErrFull)
	switch {
	case refused && doubtful:
		return s.settle(ctx, p, err)
	case errors.Is(err, errSequence):
		return 0, fmt.Errorf("%w: %w", ErrConflict, err)
	}
	return revision, err
}

// settle finds out what a refused write means when an earlier attempt may have stored the entry. It goes back along the
// key's history, because others may already have followed it.
func (s *solo) settle(ctx context.Context, p *proposal, refusal error) (Revision, error) {
	entry, err := s.store.last(ctx, p.subject)
	for err == nil && entry.revision > p.follows {
		switch {
		case entry.token == p.token:
			return entry.revision, nil
		case entry.follows <= p.follows:
			return 0, fmt.Errorf("%w: revision %d has another entry after it", ErrConflict, p.follows)
		}
		entry, err = s.store.read(ctx, entry.follows)
	}
	switch {
	case err != nil && !errors.Is(err, ErrNotFound):
		return 0, fmt.Errorf("look for an unanswered write: %w", err)
	case errors.Is(refusal, ErrFull):
		return 0, refusal
	}
	return 0, fmt.Errorf("no entry follows the revision: %w", refusal) // read from a node that lags: ask again
}
