package httpsig

import (
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

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
