package feed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

const (
	// commitTime bounds the storing of one batch.
	commitTime = 5 * time.Second
	// attempts bounds how often a batch looks for its place while other gateways take it.
	attempts = 10
	// firstPause doubles with each of them.
	firstPause = time.Millisecond
	// comeAgain is the advice with an error of the store, whose troubles last seconds.
	comeAgain = time.Second
)

// commit stores changes as the next batch. The end that is known is tried at once: if another gateway has moved it, or if an
// earlier batch of uncertain fate was stored after all, the key is taken, and the end is found anew.
func (l *line) commit(ctx context.Context, changes []json.RawMessage) error {
	ctx, cancel := context.WithTimeout(ctx, commitTime)
	defer cancel()
	at, _ := l.known()
	var err error
	for attempt := range attempts {
		if attempt > 0 || at == (end{}) {
			pause(ctx, attempt)
			if at, err = l.find(ctx); err != nil {
				return fmt.Errorf("feed of %s: %w", l.platform, err)
			}
		}
		if err = l.append(ctx, at, changes); !errors.Is(err, journal.ErrConflict) {
			return l.failure(err)
		}
	}
	return l.failure(fmt.Errorf("%w: %d times: %w", journal.ErrOverloaded, attempts, err))
}

// append stores changes behind an end. Errors: the ledger's.
func (l *line) append(ctx context.Context, at end, changes []json.RawMessage) error {
	plain, err := encodeBatch(at.number+1, changes)
	if err != nil {
		return fmt.Errorf("encode a batch: %w", err)
	}
	if err := l.store.put(ctx, l.platform, at.batch+1, plain); err != nil {
		return err
	}
	l.learn(end{at.batch + 1, at.number + uint64(len(changes))})
	return nil
}

// failure says what the dispatcher is to do: whatever the trouble is, it is not the platform's, so the change is brought again.
func (l *line) failure(err error) error {
	if errors.Is(err, journal.ErrOverloaded) {
		return &exchange.Error{Code: exchange.Overloaded, RetryAfter: comeAgain, Err: err}
	}
	if err != nil {
		return fmt.Errorf("feed of %s: %w", l.platform, err)
	}
	return nil
}

// pause waits before all attempts but the first, doubling, so that gateways that collide get out of each other's way. They differ
// enough by themselves: one of them has stored a batch meanwhile.
func pause(ctx context.Context, attempt int) {
	if attempt == 0 {
		return
	}
	timer := time.NewTimer(firstPause << (attempt - 1))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
