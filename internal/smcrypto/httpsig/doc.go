// Package httpsig signs and verifies HTTP messages by one fixed profile of RFC 9421
// with SM2 signatures and SM3 content digests (RFC 9530 syntax).
//
// A request covers, in this order, "@method" "@authority" "@path" "@query"
// "content-digest"; an answer covers "@status" "content-digest" and the signature
// of the request it answers. docs/signature.md describes the profile for someone
// who writes a client in another language.
//
// It guards against alteration, replay, redirection to another host, answers that
// belong to another request, and against any freedom of form in which two readers
// could disagree: whatever is not written exactly as the profile says is refused
// with a [Refusal] of its own. It stops at who signed and when; what that party
// may do is decided elsewhere. It does not hide content: see the package envelope.
package httpsig

import "time"

const (
	// Label is the one dictionary key of Signature-Input and Signature.
	Label = "sig1"
	// Tag is the value of the tag parameter (RFC 9421 section 2.3): it keeps a
	// signature made for another application from counting here.
	Tag = "zhengqiao"
	// DigestAlgorithm is the key of the one member of Content-Digest.
	DigestAlgorithm = "sm3"
	// DefaultWindow is how far "created" may lie from the verifier's clock, in
	// either direction, both ends inclusive.
	DefaultWindow = 60 * time.Second
	// MinNonce and MaxNonce bound the length of a nonce in characters, each out of
	// A-Z a-z 0-9 - _.
	MinNonce, MaxNonce = 16, 64
)

// Names of the header fields of the profile.
const (
	HeaderInput     = "Signature-Input"
	HeaderSignature = "Signature"
	HeaderDigest    = "Content-Digest"
)

// The covered components as they are serialised (RFC 9421 section 2).
const (
	requestComponents = `"@method" "@authority" "@path" "@query" "content-digest"`
	unboundComponents = `"@status" "content-digest"`
	boundComponents   = unboundComponents + ` "signature";req;key="` + Label + `"`
)

const (
	// maxInput and maxSignature bound, in bytes, what is parsed before anybody is
	// known; the profile needs about 200 and 110.
	maxInput, maxSignature = 1024, 256
)
