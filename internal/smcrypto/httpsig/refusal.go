package httpsig

import "strings"

// Refusal is the reason why a message was not accepted: one constant per reason,
// to be compared with [errors.Is]. Its text is safe to log and to show: it never
// repeats what the message said.
type Refusal string

// The reasons, grouped by [Refusal.Class].
const (
	// The message cannot be read as the profile.

	ErrInputMissing       Refusal = "input-missing: there is no Signature-Input field"
	ErrInputDoubled       Refusal = "input-doubled: there is more than one Signature-Input line"
	ErrSignatureMissing   Refusal = "signature-missing: there is no Signature field"
	ErrSignatureDoubled   Refusal = "signature-doubled: there is more than one Signature line"
	ErrMalformed          Refusal = "malformed: Signature-Input or Signature is not the structured field expected"
	ErrNotCanonical       Refusal = "not-canonical: not the canonical serialisation, or a repeated label or parameter"
	ErrLabel              Refusal = "label: want exactly one label, sig1, in both fields"
	ErrComponents         Refusal = "components: the covered components are not those of the profile, in its order"
	ErrParameterMissing   Refusal = "parameter-missing: created, nonce, keyid or tag is missing"
	ErrParameterUnknown   Refusal = "parameter-unknown: a parameter that the profile does not have"
	ErrParameterMalformed Refusal = "parameter-malformed: a parameter has the wrong type"
	ErrTag                Refusal = "tag: the tag is not zhengqiao"
	ErrAlgorithm          Refusal = "algorithm: not the algorithm of the key"
	ErrNonceFormat        Refusal = "nonce-format: want 16 to 64 characters of A-Z a-z 0-9 - _"
	ErrDigestMissing      Refusal = "digest-missing: there is no Content-Digest field"
	ErrDigestDoubled      Refusal = "digest-doubled: there is more than one Content-Digest line"
	ErrDigestMalformed    Refusal = "digest-malformed: Content-Digest is not in canonical form"
	ErrDigestAlgorithm    Refusal = "digest-algorithm: want exactly one digest, sm3"

	// The message is readable, and its sender is not proved by it.

	ErrKeyUnknown     Refusal = "key-unknown: no such key id"
	ErrKeyNotValid    Refusal = "key-not-valid: the key is not yet or no longer valid"
	ErrKeyParty       Refusal = "key-party: the key belongs to another party"
	ErrAuthority      Refusal = "authority: the request was signed for another host"
	ErrDigestMismatch Refusal = "digest-mismatch: the body is not the one that was signed"
	ErrSignatureWrong Refusal = "signature-wrong: the signature does not verify"
	ErrUnbound        Refusal = "unbound: the answer does not cover the signature of the request"

	// The sender may be right, and the moment is wrong.

	ErrTooOld      Refusal = "too-old: created lies too far in the past"
	ErrTooNew      Refusal = "too-new: created lies too far in the future"
	ErrBeforeStart Refusal = "before-start: created before this node began to remember nonces"
	ErrReplayed    Refusal = "replayed: the nonce was used before"

	// The verifier cannot tell at the moment.

	ErrNonceStore Refusal = "nonce-store: nonces cannot be remembered now"
)

// Class groups refusals by what the caller can do about them.
type Class int

// The classes. A class decides an HTTP status, the refusal decides the text.
const (
	// ClassMalformed: correct the client (400).
	ClassMalformed Class = iota
	// ClassUntrusted: the sender is not proved (401).
	ClassUntrusted
	// ClassMoment: sign again, with the right clock and a new nonce (401).
	ClassMoment
	// ClassUnavailable: the same request may be sent again later (503).
	ClassUnavailable
)

// Class says what kind of refusal this is.
func (r Refusal) Class() Class {
	switch r {
	case ErrKeyUnknown, ErrKeyNotValid, ErrKeyParty, ErrAuthority, ErrDigestMismatch, ErrSignatureWrong, ErrUnbound:
		return ClassUntrusted
	case ErrTooOld, ErrTooNew, ErrBeforeStart, ErrReplayed:
		return ClassMoment
	case ErrNonceStore:
		return ClassUnavailable
	default:
		return ClassMalformed
	}
}

// Code is the short, stable name of the reason, such as "too-old": for metrics,
// records and problem documents.
func (r Refusal) Code() string {
	code, _, _ := strings.Cut(string(r), ":")
	return code
}

// Error is the code and one sentence.
func (r Refusal) Error() string { return "http signature: " + string(r) }
