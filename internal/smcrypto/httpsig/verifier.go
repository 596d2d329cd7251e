package httpsig

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Verifier checks requests. It is safe for concurrent use.
type Verifier struct {
	config  VerifierConfig
	profile profile
}

// Verify holds a request to the profile. The error is a [Refusal], or wraps one.
// Cheap checks come first, and the nonce is spent only when all else is right:
// otherwise a stranger could spend the nonces of others.
func (v *Verifier) Verify(ctx context.Context, r Request) (Verified, error) {
	c, err := v.profile.claim(r.Header)
	if err != nil {
		return Verified{}, err
	}
	if err := v.checkMoment(c.created); err != nil {
		return Verified{}, err
	}
	if !v.answersTo(r) {
		return Verified{}, ErrAuthority
	}
	verified, err := c.verify(v.config.Keys, v.config.Now(), r.Header, r.Body, &r)
	if err != nil {
		return Verified{}, err
	}
	if err := v.spend(ctx, c); err != nil {
		return Verified{}, err
	}
	return verified, nil
}

// VerifyHTTP is [Verifier.Verify] for a server's request whose body was read.
func (v *Verifier) VerifyHTTP(r *http.Request, body []byte) (Verified, error) {
	return v.Verify(r.Context(), FromHTTP(r, body))
}

// checkMoment compares whole seconds, as created has no finer ones.
func (v *Verifier) checkMoment(created int64) error {
	now, window := v.config.Now().Unix(), int64(v.config.Window/time.Second)
	switch {
	case created < now-window:
		return ErrTooOld
	case created > now+window:
		return ErrTooNew
	case !v.config.AcceptFrom.IsZero() && created < v.config.AcceptFrom.Unix():
		return ErrBeforeStart
	}
	return nil
}

func (v *Verifier) answersTo(r Request) bool {
	return len(v.config.Authorities) == 0 ||
		slices.Contains(v.config.Authorities, normalAuthority(r.Scheme, r.Authority))
}

// nonceGrace is added to the life of a nonce: a verification that began in the
// last second of the window may end after it.
const nonceGrace = 5 * time.Second

// spend marks the nonce. The clock is read once more behind it: a verification that
// was held up for longer than the grace may find a store that has already forgotten
// the nonce, where a replay looks fresh.
func (v *Verifier) spend(ctx context.Context, c claim) error {
	expires := time.Unix(c.created, 0).Add(v.config.Window + nonceGrace)
	fresh, err := v.config.Nonces.Mark(ctx, c.keyID, c.nonce, expires)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrNonceStore, err)
	case !fresh:
		return ErrReplayed
	case v.config.Now().Unix() > expires.Unix():
		return ErrTooOld
	}
	return nil
}
