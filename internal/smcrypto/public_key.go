package smcrypto

import (
	"crypto/ecdsa"
	"fmt"
	"io"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
)

// UserID is the signer's distinguishing identifier that goes into every
// signature, the default of GM/T 0009-2023 and GB/T 35276.
const UserID = "1234567812345678"

// uncompressedSize is the length of an uncompressed curve point: 04, x, y.
const uncompressedSize = 65

// PublicKey is an SM2 public key, ready for use: the part of each digest that
// depends only on the key (ZA) is computed once. Immutable and safe for
// concurrent use; make one with [ParsePublicKeyPEM] or [NewPublicKey].
type PublicKey struct {
	key *ecdsa.PublicKey
	za  [DigestSize]byte
}

// NewPublicKey takes a point in the uncompressed form 04‖x‖y (65 bytes, GM/T
// 0009 clause 7.1). A point that is not on the curve is [ErrKeyFormat].
func NewPublicKey(point []byte) (*PublicKey, error) {
	if len(point) != uncompressedSize || point[0] != 4 {
		return nil, fmt.Errorf("%w: a point is 04, x and y: 65 bytes", ErrKeyFormat)
	}
	key, err := guard(ErrKeyFormat, func() (*ecdsa.PublicKey, error) { return sm2.NewPublicKey(point) })
	if err != nil {
		return nil, err
	}
	return wrapPublicKey(key)
}

func wrapPublicKey(key *ecdsa.PublicKey) (*PublicKey, error) {
	za, err := guard(ErrKeyFormat, func() ([]byte, error) { return sm2.CalculateZA(key, []byte(UserID)) })
	if err != nil {
		return nil, err
	}
	return &PublicKey{key: key, za: [DigestSize]byte(za)}, nil
}

// Verify tells whether signature, a DER sequence of r and s (GM/T 0009 clause
// 7.3), is this key's signature over message with the user id [UserID]. Trailing
// bytes and non-minimal integers make it false.
func (k *PublicKey) Verify(message, signature []byte) bool {
	digest := k.digest(message)
	return sm2.VerifyASN1(k.key, digest[:], signature)
}

// Encrypt encrypts a short secret for the holder of the private key and returns
// the DER ciphertext of GM/T 0009 clause 7.2 (x, y, C3, C2).
func (k *PublicKey) Encrypt(random io.Reader, plaintext []byte) ([]byte, error) {
	ciphertext, err := sm2.EncryptASN1(random, k.key, plaintext)
	if err != nil {
		return nil, fmt.Errorf("smcrypto: encrypt: %w", err)
	}
	return ciphertext, nil
}

// Equal tells whether both are the same point.
func (k *PublicKey) Equal(other *PublicKey) bool {
	return other != nil && k.key.Equal(other.key)
}

// digest is e = SM3(ZA ‖ message), GB/T 32918.2-2016 clause 6.1.
func (k *PublicKey) digest(message []byte) [DigestSize]byte {
	hasher := sm3.New()
	hasher.Write(k.za[:])
	hasher.Write(message)
	var e [DigestSize]byte
	hasher.Sum(e[:0])
	return e
}
