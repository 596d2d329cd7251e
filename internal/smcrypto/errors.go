package smcrypto

import (
	"errors"
	"fmt"
)

// Errors of this package. None of them ever carries key material, plaintext or
// ciphertext, so each may be logged.
var (
	// ErrKeyFormat: the bytes are not the one kind of key that was asked for
	// (PKCS#8 or SubjectPublicKeyInfo, in one PEM block, on the SM2 curve).
	ErrKeyFormat = errors.New("smcrypto: not an SM2 key in the expected PEM form")
	// ErrKeySize: a symmetric key is not 16 bytes long (GB/T 32907).
	ErrKeySize = errors.New("smcrypto: an SM4 key has 16 bytes")
	// ErrDecrypt: the ciphertext is malformed, was altered, or was made for
	// another key. The three are deliberately not told apart.
	ErrDecrypt = errors.New("smcrypto: ciphertext cannot be opened with this key")
)

// guard runs a parser over foreign bytes and turns a panic inside the library
// into kind: hostile input must never take the gateway down.
func guard[T any](kind error, parse func() (T, error)) (value T, err error) {
	defer func() {
		if recover() != nil {
			var none T
			value, err = none, fmt.Errorf("%w: parser gave up", kind)
		}
	}()
	value, err = parse()
	if err != nil {
		return value, fmt.Errorf("%w: %w", kind, err)
	}
	return value, nil
}
