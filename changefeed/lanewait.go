package changefeed

import (
	"context"
	"time"
)

// switchedOn waits until the endpoint is on.
func (l *lane) switchedOn(ctx context.Context) error {
	if err := l.endpoint.health.ensure(ctx); err != nil {
		return err
	}
	for {
		health, changed := l.endpoint.health.now()
		if !health.Off {
			return nil
		}
		timer := time.NewTimer(lookAgain)
		select {
		case <-changed:
		case <-timer.C:
			if err := l.endpoint.health.load(ctx); err != nil {
				timer.Stop()
				return err
			}
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
		timer.Stop()
	}
}

// pause waits, or until ctx ends.
func pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
