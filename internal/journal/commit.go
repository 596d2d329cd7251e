package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"
)

// stream is what a log needs from the engine to write. Errors it returns: ErrFull (not stored, certain), errSequence
// (the stream's last message is not the expected one), anything else leaves the outcome open.
type stream interface {
	// publish stores payload if the last message of the stream has the sequence last, and returns its sequence once it is
	// synced.
	publish(ctx context.Context, payload []byte, last uint64) (uint64, error)

	// tail returns the last message; sequence 0 when the stream never had one.
	tail(ctx context.Context) (sequence uint64, payload []byte, err error)
}

// errSequence: the write did not follow the message it named.
var errSequence = errors.New("stream has another last message than expected")

// committer stores one message with a certain outcome. A write without an answer is repeated unchanged: because it names
// the message it follows, at most one copy can be stored, however late the first one arrives.
type committer struct {
	stream   stream
	health   func() error // why repeating is useless, or nil
	patience patience
	lagging  bool // what the stream says of itself may come from a node that lags
}

// store returns the sequence of the stored payload. ErrFull: it is not stored. ErrConflict: another writer is active.
// ErrFailed: nobody knows.
func (c *committer) store(ctx context.Context, payload []byte, last uint64) (uint64, error) {
	var err error
	for left, since := c.patience, time.Now(); left.again(since); {
		var sequence uint64
		sequence, err = c.attempt(ctx, payload, last)
		if err == nil || errors.Is(err, ErrFull) || errors.Is(err, ErrConflict) {
			return sequence, err
		}
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		if sick := c.health(); sick != nil {
			return 0, fmt.Errorf("%w: %w: %w", ErrFailed, sick, err)
		}
		pause(ctx, c.patience.pause)
	}
	return 0, fmt.Errorf("%w: no certain answer: %w", ErrFailed, err)
}

func (c *committer) attempt(ctx context.Context, payload []byte, last uint64) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, c.patience.limit)
	defer cancel()
	sequence, err := c.stream.publish(ctx, payload, last)
	if errors.Is(err, errSequence) || errors.Is(err, ErrFull) {
		return c.settle(ctx, payload, last, err)
	}
	return sequence, err
}

// settle finds out what a refused write means: an earlier attempt whose answer was lost may have stored the payload.
func (c *committer) settle(ctx context.Context, payload []byte, last uint64, refusal error) (uint64, error) {
	sequence, stored, err := c.stream.tail(ctx)
	switch {
	case err != nil:
		return 0, fmt.Errorf("look for an unanswered write: %w", err)
	case sequence == last+1 && bytes.Equal(stored, payload):
		return sequence, nil
	case sequence == last && errors.Is(refusal, ErrFull):
		return 0, refusal
	case sequence <= last && c.lagging: // our own write is under way between the nodes, or the answer came from one that lags: ask again
		return 0, fmt.Errorf("last message is %d, as expected, but: %w", sequence, refusal)
	}
	return 0, fmt.Errorf("%w: last message is %d, expected %d", ErrConflict, sequence, last)
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
