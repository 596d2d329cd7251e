package smcrypto

import (
	"crypto/hmac"
	"hash"

	"github.com/emmansun/gmsm/sm3"
)

// DigestSize is the length of an SM3 digest and of an HMAC-SM3 value in bytes.
const DigestSize = sm3.Size

// SM3 returns the SM3 digest of data (GB/T 32905-2016).
func SM3(data []byte) [DigestSize]byte { return sm3.Sum(data) }

// NewSM3 returns an empty SM3 hash to be written to piece by piece. The value
// is not safe for concurrent use.
func NewSM3() hash.Hash { return sm3.New() }

// HMACSM3 returns HMAC (RFC 2104) over SM3 of the concatenated parts. It is the
// pseudonym function of the gateway: keyed, 32 bytes, not reversible without key.
func HMACSM3(key []byte, parts ...[]byte) [DigestSize]byte {
	mac := hmac.New(sm3.New, key)
	for _, part := range parts {
		mac.Write(part)
	}
	var sum [DigestSize]byte
	mac.Sum(sum[:0])
	return sum
}
