package httpsig

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

func TestVerifyAcceptsOwnSignature(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.signed(t)
	got, err := b.verifier(t).Verify(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	if got.KeyID != "suishenban-1" || got.Party != "suishenban" || got.Created.Unix() != moment || len(got.Nonce) != 22 {
		t.Errorf("verified: %+v", got)
	}
	record, _ := b.ring.Key(got.KeyID)
	if !record.Key.Verify(got.Base, got.Signature) {
		t.Error("base and signature do not prove the same later")
	}
	if _, err := b.verifier(t).Verify(context.Background(), r); !errors.Is(err, ErrReplayed) {
		t.Errorf("second time: %v", err)
	}
}

// The clock of the client may be a window away in both directions, inclusive.
func TestVerifyWindow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		now, from int64
		window    time.Duration
		want      error
	}{
		"as old as allowed":     {now: moment + 60},
		"too old":               {now: moment + 61, want: ErrTooOld},
		"as new as allowed":     {now: moment - 60},
		"too new":               {now: moment - 61, want: ErrTooNew},
		"shorter window":        {now: moment + 6, window: 5 * time.Second, want: ErrTooOld},
		"created at the start":  {now: moment, from: moment},
		"created before it":     {now: moment + 1, from: moment + 1, want: ErrBeforeStart},
		"old beats before it":   {now: moment + 90, from: moment + 1, want: ErrTooOld},
		"longer window is used": {now: moment + 90, window: 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.config.Now, b.config.Window = at(c.now), c.window
			if c.from != 0 {
				b.config.AcceptFrom = time.Unix(c.from, 0)
			}
			if _, err := b.verifier(t).Verify(context.Background(), b.signed(t)); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

// slowKeys finds a key only after the clock was turned, as a verification does that is held up in the middle.
type slowKeys struct {
	KeyFinder
	holdUp func()
}

func (s slowKeys) Key(id string) (keys.Record, bool) {
	s.holdUp()
	return s.KeyFinder.Key(id)
}

// A replay that was held up until the store had forgotten its nonce is too old.
func TestReplayThatOutlivesItsNonce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		until int64
		want  error
	}{
		"in the last second of the nonce": {moment + 65, ErrReplayed},
		"after it":                        {moment + 66, ErrTooOld},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			now := int64(moment + 60)
			clock := func() time.Time { return time.Unix(now, 0) }
			b.config.Now, b.config.Nonces = clock, NewMemoryNonces(10, clock)
			r := b.signed(t)
			if _, err := b.verifier(t).Verify(context.Background(), r); err != nil {
				t.Fatal(err)
			}
			b.config.Keys = slowKeys{b.config.Keys, func() { now = c.until }}
			if _, err := b.verifier(t).Verify(context.Background(), r); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}
