package httpsig

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// KeyFinder finds a key record by key id; [keys.Ring] and [keys.Live] are ones.
// Whether the record is valid now is decided here.
type KeyFinder interface {
	Key(id string) (keys.Record, bool)
}

// NonceStore remembers which nonces were used.
type NonceStore interface {
	// Mark remembers the nonce of a key until expires, inclusive, and tells
	// whether it was fresh, in one atomic step. An error means that it could not be
	// remembered; the request is then refused.
	Mark(ctx context.Context, keyID, nonce string, expires time.Time) (fresh bool, err error)
}

// VerifierConfig is what a [Verifier] of requests needs.
type VerifierConfig struct {
	// Keys is required.
	Keys KeyFinder
	// Nonces is required. It must be shared by all nodes that answer to the same
	// authority, or a request could be replayed once on each.
	Nonces NonceStore
	// Now is required: the clock.
	Now func() time.Time
	// Window is how far created may lie from now; zero means [DefaultWindow].
	Window time.Duration
	// AcceptFrom refuses what was created before this second; zero means no bound.
	// A node whose nonce store forgets at a restart sets it to the time of its
	// start. What a client signed with a clock that runs ahead can then still be
	// replayed until that clock's lead has passed; start plus Window closes this
	// too and refuses everybody for the first Window.
	AcceptFrom time.Time
	// Authorities are the host names (with port unless default) this node answers
	// to; a request signed for another one is refused. Empty means any: then a
	// party that uses one key with two gateways can have its requests carried over.
	Authorities []string
}

// Verifier checks requests. It is safe for concurrent use.
type Verifier struct {
	config  VerifierConfig
	profile profile
}

// NewVerifier checks the configuration.
func NewVerifier(config VerifierConfig) (*Verifier, error) {
	if config.Keys == nil || config.Nonces == nil || config.Now == nil {
		return nil, errors.New("httpsig: keys, nonces and clock are required")
	}
	if config.Window < 0 || config.Window%time.Second != 0 {
		return nil, errors.New("httpsig: the window is a whole number of seconds")
	}
	if config.Window == 0 {
		config.Window = DefaultWindow
	}
	config.Authorities = slices.Clone(config.Authorities)
	for i, name := range config.Authorities {
		config.Authorities[i] = normalAuthority("", name)
	}
	p, err := newProfile(requestComponents, requestParameters)
	return &Verifier{config: config, profile: p}, err
}

// Verified is what a signature proves.
type Verified struct {
	// KeyID and Party name the key and its owner.
	KeyID, Party string
	// Created is when the sender says it signed, to the second.
	Created time.Time
	// Nonce of the request; empty for an answer.
	Nonce string
	// Base is the signature base and Signature the DER signature over it: with the
	// public key they prove the same to anybody later.
	Base, Signature []byte
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

func (v *Verifier) spend(ctx context.Context, c claim) error {
	expires := time.Unix(c.created, 0).Add(v.config.Window + nonceGrace)
	fresh, err := v.config.Nonces.Mark(ctx, c.keyID, c.nonce, expires)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrNonceStore, err)
	case !fresh:
		return ErrReplayed
	}
	return nil
}

// verify proves the claim: the key, the digest of the body, the signature.
func (c claim) verify(finder KeyFinder, now time.Time, header http.Header, body []byte, m message) (Verified, error) {
	record, ok := finder.Key(c.keyID)
	switch {
	case !ok:
		return Verified{}, ErrKeyUnknown
	case record.Algorithm != keys.AlgorithmSign:
		return Verified{}, ErrAlgorithm
	case !record.ValidAt(now):
		return Verified{}, ErrKeyNotValid
	}
	if err := checkDigest(header, body); err != nil {
		return Verified{}, err
	}
	base, err := c.base(m)
	if err != nil {
		return Verified{}, err
	}
	if !record.Key.Verify(base, c.signature) {
		return Verified{}, ErrSignatureWrong
	}
	return Verified{
		KeyID: record.ID, Party: record.Party, Created: time.Unix(c.created, 0),
		Nonce: c.nonce, Base: base, Signature: c.signature,
	}, nil
}
