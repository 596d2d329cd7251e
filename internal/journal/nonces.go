package journal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	noncesName = "nonces"

	// noncesBytes bounds the memory, which is half of what a node of a cluster has for such things: some 700,000 nonces on each node, which is what 5,000 requests/s need for twice a window
	// of 60 s. Beyond it nonces are refused, none is forgotten early.
	noncesBytes = 256 << 20

	// nonceToken is how many bytes of its digest stand for a nonce.
	nonceToken = 16
)

// Nonces are values that are good once across all nodes of a cluster. They are kept in the memory of several nodes and
// forgotten when they expire: nothing of them reaches a disk. What all nodes forget at once, because a majority of them
// was restarted together, is not known afterwards; whoever checks nonces then also refuses what is older than its start.
// Safe for concurrent use.
type Nonces struct {
	js  jetstream.JetStream
	now func() time.Time
}

// Nonces opens the nonces of all nodes, creating them when they do not exist. now is the clock that expiry times are of.
//
// Errors: ErrWeakSettings when the stored ones would be kept less often than promised.
func (j *Journal) Nonces(ctx context.Context, now func() time.Time) (*Nonces, error) {
	err := j.settle(ctx, "the nonces", func(ctx context.Context) error {
		_, err := openStream(ctx, j.js, noncesConfig(j.replicas, j.noncesBytes()))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open nonces: %w", err)
	}
	return &Nonces{js: j.js, now: now}, nil
}

func (j *Journal) noncesBytes() int64 {
	if j.cfg.shared() {
		return noncesBytes
	}
	return maxMemory / 2
}

func noncesConfig(replicas int, bytes int64) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:        noncesName,
		Subjects:    []string{noncesName + ".*"},
		Storage:     jetstream.MemoryStorage,
		Discard:     jetstream.DiscardNew,
		Replicas:    replicas,
		MaxMsgs:     -1,
		MaxBytes:    bytes,
		AllowMsgTTL: true,
		DenyDelete:  true,
	}
}

// Mark remembers the nonce of a key until expires, inclusive, and tells whether it was fresh. It takes one round trip to the
// node that leads. An error means that nobody knows whether it is remembered, or that it is certain that it is not: the
// request must be refused, and its nonce is not good any more.
//
// Errors: ErrFull; ErrUncertain when no answer came before ctx or the time for one attempt ended.
func (n *Nonces) Mark(ctx context.Context, keyID, nonce string, expires time.Time) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*sharedLimit)
	defer cancel()
	for {
		fresh, err := n.mark(ctx, keyID, nonce, expires)
		if err == nil || !errors.Is(err, jetstream.ErrNoStreamResponse) {
			return fresh, err
		}
		pause(ctx, retryPause) // nobody leads at the moment, so nobody has taken it
		if ctx.Err() != nil {
			return false, fmt.Errorf("mark a nonce: %w: %w", ErrUncertain, err)
		}
	}
}

func (n *Nonces) mark(ctx context.Context, keyID, nonce string, expires time.Time) (bool, error) {
	msg := &nats.Msg{Subject: noncesName + "." + nonceSubject(keyID, nonce), Header: nats.Header{}}
	_, err := n.js.PublishMsg(ctx, msg, jetstream.WithExpectLastSequencePerSubject(0), jetstream.WithRetryAttempts(0),
		jetstream.WithMsgTTL(remaining(expires.Sub(n.now()))))
	switch err = translate(err); {
	case err == nil:
		return true, nil
	case errors.Is(err, errSequence):
		return false, nil
	case errors.Is(err, ErrFull), errors.Is(err, jetstream.ErrNoStreamResponse):
		return false, fmt.Errorf("mark a nonce: %w", err)
	}
	return false, fmt.Errorf("mark a nonce: %w: %w", ErrUncertain, err)
}

// remaining rounds up to what the engine takes: whole seconds, one at least. One more covers its clock's fraction.
func remaining(d time.Duration) time.Duration {
	return max(d.Truncate(time.Second), 0) + 2*time.Second
}

// nonceSubject is short, of one length, and without what a caller wrote. The key's length keeps the two apart.
func nonceSubject(keyID, nonce string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s%s", len(keyID), keyID, nonce))
	return hex.EncodeToString(sum[:nonceToken])
}
