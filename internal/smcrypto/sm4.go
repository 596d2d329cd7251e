package smcrypto

import (
	"crypto/cipher"
	"fmt"

	"github.com/emmansun/gmsm/sm4"
)

// SM4KeySize, GCMNonceSize and GCMTagSize are the lengths in bytes of an SM4 key
// (GB/T 32907), of the nonce and of the tag of SM4-GCM (RFC 8998 section 2.1).
const (
	SM4KeySize   = 16
	GCMNonceSize = 12
	GCMTagSize   = 16
)

// NewSM4GCM returns SM4 in GCM mode under a 16-byte key, else [ErrKeySize]. The
// nonce has 12 bytes and must never repeat under one key; the tag of 16 bytes
// follows the ciphertext.
func NewSM4GCM(key []byte) (cipher.AEAD, error) {
	if len(key) != SM4KeySize {
		return nil, ErrKeySize
	}
	block, err := sm4.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("smcrypto: %w", err)
	}
	return cipher.NewGCM(block)
}
