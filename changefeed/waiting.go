package changefeed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// later gives the entry back after the wait, or as soon as the endpoint is switched. The wait is the lane's and not the engine's, which
// would keep the entry from everybody to the end: an operator who has heard that a platform is well again must not wait for the hour
// that it once asked for. Nobody else gets the entry meanwhile, and a gateway that dies has it handed out when the hold ends.
func (l *lane) later(ctx context.Context, held *journal.Delivery, wait time.Duration, switched <-chan struct{}) error {
	over := time.NewTimer(wait)
	defer over.Stop()
	look := time.NewTicker(min(lookAgain, l.endpoint.holdFor()/3))
	defer look.Stop()
	for {
		select {
		case <-look.C:
			if err := l.keep(ctx, held); err != nil && ctx.Err() == nil {
				return errors.Join(err, held.Retry(ctx, openAgain))
			}
			continue
		case <-over.C:
		case <-switched:
		case <-ctx.Done():
		}
		return held.Retry(context.WithoutCancel(ctx), 0)
	}
}

// keep holds the entry on and looks whether another gateway has switched the endpoint.
func (l *lane) keep(ctx context.Context, held *journal.Delivery) error {
	if err := held.Working(ctx); err != nil {
		return err
	}
	return l.endpoint.health.load(ctx)
}

// logFailure tells ops of an entry that is not taken, once for each code that it fails with and not for each attempt. The text of what is
// no [exchange.Error] may quote foreign bytes; its type must do.
func (l *lane) logFailure(ctx context.Context, held *journal.Delivery, failure error) {
	code, history := exchange.CodeOf(failure), l.trouble.history
	if len(history) > 0 && history[len(history)-1].Code == code {
		return
	}
	cause := slog.Any("error", failure)
	if _, known := errors.AsType[*exchange.Error](failure); !known {
		cause = slog.String("errorType", fmt.Sprintf("%T", innermost(failure)))
	}
	l.cfg.Logger.WarnContext(ctx, "a delivery failed", slog.String("platform", l.endpoint.Platform), slog.String("code", string(code)),
		slog.String("licence", held.Key), slog.Uint64("revision", uint64(held.Revision)), slog.Int("attempt", l.trouble.attempts), cause)
}

func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
