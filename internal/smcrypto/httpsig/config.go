package httpsig

import (
	"context"
	"errors"
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
