// Package envelope hides content from everybody but its recipient: payloads on
// their way between a platform and the gateway ([Seal], [Open]), and records at
// rest ([Vault]).
//
// It stops at secrecy: who sent a payload is proved by the message signature over
// the finished envelope (encrypt, then sign; package httpsig), and an envelope alone
// proves nothing about its sender. The layout of the payload envelope is this
// project's own; no provincial specification of one is public.
package envelope

import "errors"

// Algorithm names the one combination in use: the content key wrapped by SM2
// (GM/T 0009 DER), the content in SM4-GCM (RFC 8998), SM2's check value by SM3.
const Algorithm = "SM2-SM4GCM-SM3"

// Errors of this package. None carries content or key material.
var (
	// ErrFormat: not an envelope as described at [Envelope].
	ErrFormat = errors.New("envelope: not a well-formed envelope")
	// ErrAlgorithm: an envelope of another algorithm.
	ErrAlgorithm = errors.New("envelope: algorithm is not " + Algorithm)
	// ErrKeyUnknown: no key of that id.
	ErrKeyUnknown = errors.New("envelope: no key with this id")
	// ErrOpen: altered, made for another key, or sealed with other associated data.
	// The three are deliberately not told apart.
	ErrOpen = errors.New("envelope: content cannot be opened")
	// ErrTooLarge: content or envelope above [MaxContent] or [MaxEnvelope].
	ErrTooLarge = errors.New("envelope: too large")
)

const (
	// MaxContent is the largest plaintext in bytes. The largest single content of
	// the contract is a camera picture of a few hundred kilobytes.
	MaxContent = 4 << 20
	// MaxEnvelope bounds the JSON text: base64 of the content and room for the rest.
	MaxEnvelope = MaxContent*4/3 + 4<<10
)
