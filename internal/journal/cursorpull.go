package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// pullWait is how long the engine keeps a request of a waiting reader.
	pullWait = 5 * time.Second

	// pullGrace is how much longer the reader waits for the engine's word that nothing came.
	pullGrace = time.Second

	sharedPullWait  = 750 * time.Millisecond
	sharedPullGrace = 250 * time.Millisecond

	// pullAnswers has room for the entry and for the engine's words about the request.
	pullAnswers = 4

	statusHeader  = "Status"
	statusTimeout = "408"
)

// nextSubject is where the engine takes requests for the next message of a consumer.
func nextSubject(js jetstream.JetStream, stream, durable string) string {
	prefix := js.Options().APIPrefix
	if prefix == "" {
		prefix = jetstream.DefaultAPIPrefix
	}
	return prefix + "CONSUMER.MSG.NEXT." + stream + "." + durable
}

// pullTimes are short in a cluster: a node that has died or is paused says nothing, and another one answers the next request.
func (c *Cursor) pullTimes() (wait, grace time.Duration) {
	if c.ledger.journal.cfg.shared() {
		return min(sharedPullWait, c.lease/2), sharedPullGrace
	}
	return min(pullWait, c.lease/2), pullGrace
}

// pull asks for one message and returns nil when none came in time. The client library's own fetch is not used: when it is
// cancelled it may drop a message that just arrives, and nobody would get it until AckWait is over.
func (c *Cursor) pull(ctx context.Context) (*nats.Msg, error) {
	wait, grace := c.pullTimes()
	answers := make(chan *nats.Msg, pullAnswers) // a synchronous subscription would have one of 512 KiB
	sub, err := c.conn.ChanSubscribe(c.conn.NewInbox(), answers)
	if err != nil {
		return nil, fmt.Errorf("listen for an entry: %w", err)
	}
	if err := c.conn.PublishRequest(c.subject, sub.Subject, pullRequest(wait)); err != nil {
		return nil, errors.Join(fmt.Errorf("ask for an entry: %w", err), sub.Unsubscribe())
	}
	silence := time.NewTimer(wait + grace)
	defer silence.Stop()
	select {
	case msg := <-answers:
		return c.answer(ctx, sub, msg)
	case <-silence.C: // the engine forgot us
		return nil, c.release(sub, answers)
	case <-ctx.Done():
		return nil, errors.Join(context.Cause(ctx), c.release(sub, answers))
	case <-c.ledger.closing: // the connection ends in a moment, a failure to tell it says nothing
		_ = c.release(sub, answers)
		return nil, ErrClosed
	}
}

// answer returns the entry that came, or nil and why none came.
func (c *Cursor) answer(ctx context.Context, sub *nats.Subscription, msg *nats.Msg) (*nats.Msg, error) {
	if err := sub.Unsubscribe(); err != nil {
		return nil, fmt.Errorf("end a request: %w", err)
	}
	if isStatus(msg) {
		return nil, c.refused(ctx, msg.Header.Get(statusHeader))
	}
	return msg, nil
}

func pullRequest(wait time.Duration) []byte {
	request, err := json.Marshal(struct {
		Batch   int           `json:"batch"`
		Expires time.Duration `json:"expires"`
	}{1, wait})
	if err != nil {
		panic(err) // two numbers always have a JSON form
	}
	return request
}

// release ends a request that has no answer yet. Whatever was on its way goes back at once, to whoever asks next.
func (c *Cursor) release(sub *nats.Subscription, answers <-chan *nats.Msg) error {
	if err := sub.Drain(); err != nil { // the engine forgets the request, we still take what it had sent before
		return fmt.Errorf("end a request: %w", err)
	}
	if err := c.conn.FlushTimeout(attemptLimit); err != nil {
		return fmt.Errorf("end a request: %w", err)
	}
	for {
		select {
		case msg := <-answers:
			if isStatus(msg) {
				continue
			}
			if err := c.conn.Publish(msg.Reply, []byte(verbRetry)); err != nil {
				return fmt.Errorf("give an entry back: %w", err)
			}
		default:
			return nil
		}
	}
}

// isStatus tells the engine's own words from an entry, which never is without data.
func isStatus(msg *nats.Msg) bool { return len(msg.Data) == 0 && msg.Header.Get(statusHeader) != "" }

// refused tells why a request ended without an entry: mostly because its time was over. Otherwise the cursor may be gone,
// or the engine is busy with itself.
func (c *Cursor) refused(ctx context.Context, status string) error {
	if status == statusTimeout {
		return nil
	}
	wait, _ := c.pullTimes() // in a cluster nobody answers while there is no leader, and the next request may find one
	short, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	if _, err := c.consumer.Info(short); errors.Is(err, jetstream.ErrConsumerNotFound) {
		return ErrNotFound
	}
	pause(ctx, retryPause)
	return nil
}
