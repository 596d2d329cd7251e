package outbound

import (
	"mime"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Limits of an answer's size in bytes.
const (
	DefaultMaxBody = 1 << 20
	PictureMaxBody = 4 << 20
)

// Request is one call. No member may hold personal data but Body.
type Request struct {
	// Method defaults to POST.
	Method string
	// URL is absolute.
	URL string
	// Header is read and never changed, so that many calls may share one.
	Header http.Header
	Body   []byte
	// Idempotent says that the call may be made twice, as a read may, also one by POST. Nothing else is ever repeated.
	Idempotent bool
	// Sign, if set, adds headers that hold good for one attempt only, such as a time or a nonce. It is called before each.
	Sign func(http.Header) error
	// Traced says that the destination may be told of the trace that the call belongs to, by the header field traceparent (W3C Trace
	// Context): it knows what that is.
	Traced bool
	// MaxBody bounds the answer. Default [DefaultMaxBody].
	MaxBody int64
	// MediaTypes are those that an answer may have; empty: any. Only an answer that Judge accepts is held to it.
	MediaTypes []string
	// Judge says what an answer's status means, where a platform has its own way, such as faults with status 500 and a code
	// in the body. An error should be an [*exchange.Error]. Default [StatusError].
	Judge func(Response) error
}

// Response is a complete answer.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// StatusError gives the failure that a status other than 2xx is: refused for 401, 403 and 429, down for 5xx, else an answer
// that the protocol does not allow, redirections among them.
func StatusError(response Response) error {
	if response.Status >= 200 && response.Status < 300 {
		return nil
	}
	failure := exchange.Errorf(statusCode(response.Status), "HTTP status %d", response.Status)
	if failure.Code != exchange.SourceInvalid {
		failure.RetryAfter = retryAfter(response.Header)
	}
	return failure
}

func statusCode(status int) exchange.Code {
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusTooManyRequests:
		return exchange.SourceRefused
	case status >= 500:
		return exchange.SourceDown
	}
	return exchange.SourceInvalid
}

// retryAfter reads the form in seconds (RFC 9110 §10.2.3). The form with a date is not used between machines here and would
// trust the platform's clock.
func retryAfter(header http.Header) time.Duration {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds), maxAdvice) * time.Second
}

// maxAdvice is the longest Retry-After, in seconds, that is passed on to callers.
const maxAdvice = 24 * 60 * 60

func (r Request) judge(response Response) error {
	judge := r.Judge
	if judge == nil {
		judge = StatusError
	}
	if err := judge(response); err != nil {
		return err
	}
	return r.checkMediaType(response.Header.Get("Content-Type"))
}

func (r Request) checkMediaType(value string) error {
	if len(r.MediaTypes) == 0 {
		return nil
	}
	media, _, err := mime.ParseMediaType(value)
	if err != nil || !slices.Contains(r.MediaTypes, media) {
		return exchange.Errorf(exchange.SourceInvalid, "the answer's media type is not one of %q", r.MediaTypes)
	}
	return nil
}
