package journal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

const (
	// settleAttempt bounds one attempt to open something in a cluster.
	settleAttempt = 5 * time.Second

	// settleWord is how often the log says what is waited for.
	settleWord = 10 * time.Second
)

// settle opens something. In a cluster it does so again until it is certain: leaders change, nodes start in any order, and
// several open the same thing at once. It gives up when ctx ends or the journal is closed.
func (j *Journal) settle(ctx context.Context, what string, open func(context.Context) error) error {
	if !j.cfg.shared() {
		return open(ctx)
	}
	spoken := time.Now()
	for {
		err := j.settleOnce(ctx, open)
		if err == nil || isDecided(err) {
			return err
		}
		if ctx.Err() != nil {
			return fmt.Errorf("%w: %w", context.Cause(ctx), err)
		}
		if sick := j.engine.health(); sick != nil {
			return fmt.Errorf("%w: %w", sick, err)
		}
		if time.Since(spoken) > settleWord {
			spoken = time.Now()
			j.logger.WarnContext(ctx, "waiting for "+what, slog.Any("error", err))
		}
		pause(ctx, 2*retryPause)
	}
}

func (j *Journal) settleOnce(ctx context.Context, open func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, settleAttempt)
	defer cancel()
	return open(ctx)
}

// isDecided tells whether asking again would bring the same answer.
func isDecided(err error) bool {
	for _, final := range []error{ErrWeakSettings, ErrPartitions, ErrCorrupt, ErrLocked, ErrClosed, ErrFull, ErrNotFound} {
		if errors.Is(err, final) {
			return true
		}
	}
	return false
}
