package smcrypto

import (
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
// It is spelt out because crypto/hmac makes two hashes on the heap and copies their
// states, which took longer than the four blocks of a short message.
func HMACSM3(key []byte, parts ...[]byte) [DigestSize]byte {
	var pad [sm3.BlockSize]byte
	if len(key) > len(pad) {
		sum := sm3.Sum(key)
		copy(pad[:], sum[:])
	} else {
		copy(pad[:], key)
	}
	flip(&pad, innerPad)
	sum := keyed(&pad, parts...)
	flip(&pad, innerPad^outerPad)
	sum = keyed(&pad, sum[:])
	clear(pad[:])
	return sum
}

// innerPad and outerPad are ipad and opad of RFC 2104 section 2.
const innerPad, outerPad = 0x36, 0x5c

func flip(pad *[sm3.BlockSize]byte, mask byte) {
	for i := range pad {
		pad[i] ^= mask
	}
}

// keyed is the digest of a padded key and what follows it.
func keyed(pad *[sm3.BlockSize]byte, parts ...[]byte) (sum [DigestSize]byte) {
	hasher := sm3.New()
	hasher.Write(pad[:])
	for _, part := range parts {
		hasher.Write(part)
	}
	hasher.Sum(sum[:0])
	return sum
}
