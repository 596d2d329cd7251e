package exchange

import (
	"errors"
	"fmt"
	"time"
)

// Code says what went wrong in a way that a caller can act on. Each code is one entry of the problem catalogue, where it has
// its HTTP status, its texts and its advice in Chinese and English.
type Code string

// The codes. A failure that has none of them is [Internal] and its text stays in the log.
const (
	// The request itself.
	MalformedJSON    Code = "malformed-json"         // not JSON, too deep, or a member named twice
	InvalidRequest   Code = "invalid-request"        // JSON, but not what the contract asks for; Pointers say where
	BodyTooLarge     Code = "body-too-large"         // over the limit for a body
	BodyIncomplete   Code = "body-incomplete"        // it broke off or did not arrive in time
	UnsupportedMedia Code = "unsupported-media-type" // neither JSON nor the payload envelope
	EnvelopeInvalid  Code = "envelope-invalid"       // the SM2/SM4 envelope can't be opened
	EnvelopeRequired Code = "envelope-required"      // this platform must encrypt its payloads
	NotFound         Code = "not-found"              // no such path
	MethodNotAllowed Code = "method-not-allowed"     // the path exists, not for this method

	// Who asks.
	SignatureMissing Code = "signature-missing" // no message signature, or not the profile's
	SignatureInvalid Code = "signature-invalid" // it does not verify, or its form deviates from the profile
	SignatureExpired Code = "signature-expired" // made outside the accepted window
	RequestReplayed  Code = "request-replayed"  // this nonce was used before
	UnknownPlatform  Code = "unknown-platform"  // no such key id, or the platform isn't registered

	// What policy says.
	PolicyRefused     Code = "policy-refused"      // Reasons say why
	PolicyUnavailable Code = "policy-unavailable"  // no decision could be made, which is a refusal
	FaceSimilarityLow Code = "face-similarity-low" // 数据异常 cause 3: similarity under the threshold
	TooOld            Code = "too-old"             // the newest data known is older than asked for or allowed

	// What the source says.
	NoRecord            Code = "no-such-record"        // the source answered: there is none
	IdentityMismatch    Code = "identity-mismatch"     // name, ID number or file number don't belong together
	IdentityUnknown     Code = "identity-unknown"      // the population register has no such person
	SubjectDeceased     Code = "subject-deceased"      // the population register says the person died
	RecordNotArchived   Code = "record-not-archived"   // 数据异常 cause 1: 驾驶证信息未及时归档
	IDDocumentExpired   Code = "id-document-expired"   // 数据异常 cause 2: 身份证明文件过期
	TransferInterrupted Code = "transfer-interrupted"  // 数据异常 cause 4: the answer broke off on its way
	SourceRefused       Code = "source-refused"        // the source refuses us: grant, quota or credential
	SourceDown          Code = "source-down"           // not reachable, or it failed by its own account
	SourceTimeout       Code = "source-timeout"        // no answer within the time budget
	SourceInvalid       Code = "source-answer-invalid" // it answered something that its protocol doesn't allow
	OperationNotOffered Code = "operation-not-offered" // no source is configured for this operation and region

	// The gateway itself.
	Overloaded       Code = "overloaded"         // too much at once; RetryAfter says when
	QuotaExceeded    Code = "quota-exceeded"     // more than this platform may ask; RetryAfter says when
	RecordNotDurable Code = "record-not-durable" // the record could not be made durable, so no answer leaves
	Internal         Code = "internal"           // anything else
)

// Reason is one ground of a decision: a stable code, the rule it came from and its text.
type Reason struct {
	Code string `json:"code"`
	Rule string `json:"rule,omitempty"`
	Text Text   `json:"text"`
}

// Text is a sentence for people, in Chinese and English.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Pointer names a place in the request body that is wrong, as an RFC 6901 JSON pointer, and what is wrong there. It never
// repeats the value.
type Pointer struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
	Text    Text   `json:"text"`
}

// Error is the one error type that crosses packages. Its exported members are safe to show to the caller; the wrapped cause
// is for the log only. It must never hold a personal number.
type Error struct {
	Code       Code
	Source     string        // the source concerned, if any
	Reasons    []Reason      // for PolicyRefused and its kin
	Pointers   []Pointer     // for InvalidRequest
	RetryAfter time.Duration // advice to the caller; 0: none
	Decision   *DecisionRef  // the decision that led here, if one was made
	Receipt    *Receipt      // where the refusal was recorded, if it was
	Attempts   []Attempt     // the questions to sources before it, for the log; a caller is not shown them
	Err        error
}

// Errorf makes an [Error] of the code whose cause is the formatted text; %w keeps a chain.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Err: fmt.Errorf(format, args...)}
}

// Error gives the code and the cause. It is for logs, not for callers.
func (e *Error) Error() string {
	text := string(e.Code)
	if e.Source != "" {
		text += " (" + e.Source + ")"
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf gives the code of the first [Error] in err's chain, [Internal] if there is none and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// asError gives a copy of the first Error in the chain, since the same one may be shared, or an Internal one.
func asError(err error) Error {
	if known, ok := err.(*Error); ok { // not wrapped, so nothing to keep: its text would only say the code twice
		return *known
	}
	if known, ok := errors.AsType[*Error](err); ok {
		shown := *known
		shown.Err = err // keeps what was wrapped around it
		return shown
	}
	return Error{Code: Internal, Err: err}
}
