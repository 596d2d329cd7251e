package httpsig

import (
	"errors"
	"net/http"
	"time"
)

// AnswerVerifier checks the answers that a client gets. Safe for concurrent use.
type AnswerVerifier struct {
	keys  KeyFinder
	party string
	now   func() time.Time

	bound, unbound profile
}

// NewAnswerVerifier accepts answers signed by a key of the given party only, such
// as the gateway that the request was sent to.
func NewAnswerVerifier(finder KeyFinder, party string, now func() time.Time) (*AnswerVerifier, error) {
	if finder == nil || party == "" || now == nil {
		return nil, errors.New("httpsig: keys, party and clock are required")
	}
	bound, err := newProfile(boundComponents, answerParameters)
	if err != nil {
		return nil, err
	}
	unbound, err := newProfile(unboundComponents, answerParameters)
	return &AnswerVerifier{keys: finder, party: party, now: now, bound: bound, unbound: unbound}, err
}

// Verify holds an answer to the profile. Response.Request must carry the signature
// with which the client sent the request; an answer that does not cover it is
// [ErrUnbound], for it may be the answer to something else. Its age is not
// checked: the request's nonce, being new, already makes it fresh, and a client
// with a wrong clock must be able to trust the answer that tells it so.
func (v *AnswerVerifier) Verify(r Response) (Verified, error) {
	c, err := v.claim(r.Header)
	if err != nil {
		return Verified{}, err
	}
	verified, err := c.verify(v.keys, v.now(), r.Header, r.Body, &r)
	if err == nil && verified.Party != v.party {
		return Verified{}, ErrKeyParty
	}
	return verified, err
}

// claim tells the form that a gateway uses when it could not read the signature of
// the request from any other deviation.
func (v *AnswerVerifier) claim(header http.Header) (claim, error) {
	c, err := v.bound.claim(header)
	if errors.Is(err, ErrComponents) {
		if _, unbound := v.unbound.claim(header); unbound == nil {
			return claim{}, ErrUnbound
		}
	}
	return c, err
}
