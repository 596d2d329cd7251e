package smcrypto

import (
	"fmt"
	"io"

	"github.com/emmansun/gmsm/sm2"
)

// PrivateKey is an SM2 private key held in memory. Immutable and safe for
// concurrent use. It has no text form, so that no log line can print it: see
// [PrivateKey.String]. Make one with [GenerateKey] or [ParsePrivateKeyPEM].
type PrivateKey struct {
	key    *sm2.PrivateKey
	public *PublicKey
}

// GenerateKey makes a new key pair out of random, which must be a
// cryptographic source.
func GenerateKey(random io.Reader) (*PrivateKey, error) {
	key, err := sm2.GenerateKey(random)
	if err != nil {
		return nil, fmt.Errorf("smcrypto: generate key: %w", err)
	}
	return wrapPrivateKey(key)
}

// NewPrivateKey takes the private number d, 32 bytes big-endian, 1 ≤ d ≤ n-2
// (GB/T 32918.1 clause 6.1).
func NewPrivateKey(d []byte) (*PrivateKey, error) {
	key, err := guard(ErrKeyFormat, func() (*sm2.PrivateKey, error) { return sm2.NewPrivateKey(d) })
	if err != nil {
		return nil, err
	}
	return wrapPrivateKey(key)
}

func wrapPrivateKey(key *sm2.PrivateKey) (*PrivateKey, error) {
	public, err := wrapPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	return &PrivateKey{key: key, public: public}, nil
}

// Public returns the matching public key.
func (k *PrivateKey) Public() *PublicKey { return k.public }

// Sign returns the DER signature over message with the user id [UserID]. The
// secret number of each signature is derived from the key, the digest and
// random together, so that a weak random source does not reveal the key.
func (k *PrivateKey) Sign(random io.Reader, message []byte) ([]byte, error) {
	digest := k.public.digest(message)
	signature, err := sm2.SignASN1(random, k.key, digest[:], nil)
	if err != nil {
		return nil, fmt.Errorf("smcrypto: sign: %w", err)
	}
	return signature, nil
}

// Decrypt opens a DER ciphertext made by [PublicKey.Encrypt] or by any
// implementation of GM/T 0009. Every failure is [ErrDecrypt].
func (k *PrivateKey) Decrypt(ciphertext []byte) ([]byte, error) {
	// The library also takes the raw form, which begins with a point format
	// byte; which form is meant must not depend on what the sender wrote.
	if len(ciphertext) == 0 || ciphertext[0] != tagSequence {
		return nil, fmt.Errorf("%w: not a DER sequence", ErrDecrypt)
	}
	return guard(ErrDecrypt, func() ([]byte, error) { return sm2.Decrypt(k.key, ciphertext) })
}

// DecryptRaw opens a ciphertext in the raw form 04‖x‖y‖C3‖C2 that some platforms
// send instead of DER (GB/T 32918.4-2016 order). Every failure is [ErrDecrypt].
func (k *PrivateKey) DecryptRaw(ciphertext []byte) ([]byte, error) {
	if len(ciphertext) == 0 || ciphertext[0] != 4 {
		return nil, fmt.Errorf("%w: does not begin with an uncompressed point", ErrDecrypt)
	}
	return guard(ErrDecrypt, func() ([]byte, error) { return sm2.Decrypt(k.key, ciphertext) })
}

// String hides the key from every %v and %s.
func (k *PrivateKey) String() string { return "SM2 private key (hidden)" }

// GoString hides the key from %#v.
func (k *PrivateKey) GoString() string { return k.String() }

// tagSequence is the DER tag of SEQUENCE.
const tagSequence = 0x30
