package outbound

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// call is one call with all its attempts.
type call struct {
	client    *Client
	request   Request
	connected atomic.Bool // the attempt under way got its connection; the transport sets it from another goroutine
	attempt   int
	wait      time.Duration // before the next attempt
	response  Response
}

func (c *Client) attempts(ctx context.Context, request Request) (Response, error) {
	one := &call{client: c, request: request}
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { one.connected.Store(true) },
	})
	wire, err := one.wire(traced)
	if err != nil {
		return Response{}, err
	}
	if _, err := one.retrying().Do(wire); err != nil {
		return Response{}, classify(ctx, one.connected.Load(), err)
	}
	return one.response, nil
}

func (c *call) wire(ctx context.Context) (*retryablehttp.Request, error) {
	method := c.request.Method
	if method == "" {
		method = http.MethodPost
	}
	var body any
	if c.request.Body != nil {
		body = c.request.Body
	}
	wire, err := retryablehttp.NewRequestWithContext(ctx, method, c.request.URL, body)
	if err != nil {
		return nil, exchange.Errorf(exchange.Internal, "the configured address is not a URL")
	}
	return wire, nil // exchange adds the fields: the HTTP client would copy them twice
}

// retrying builds the retrying client of this one call. The connections are the destination's; the rest costs an allocation
// and lets the rules see the call's own state.
func (c *call) retrying() *retryablehttp.Client {
	repeats := 0
	if c.request.Idempotent {
		repeats = c.client.config.Attempts - 1
	}
	return &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport:     c,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryMax:     repeats,
		CheckRetry:   c.worthRepeating,
		Backoff:      func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return c.wait },
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// RoundTrip makes one attempt, from connecting until its answer is read and judged, within the attempt's timeout. It stands between
// the HTTP client and the connections, and so also keeps the retrying client from closing, after a failure, the connections that
// other calls are about to use. The reply that it gives has no body left.
func (c *call) RoundTrip(wire *http.Request) (*http.Response, error) {
	c.attempt++
	c.connected.Store(false)
	if c.client.deps.Spans != nil {
		return c.followed(wire)
	}
	return c.exchange(wire)
}

// exchange makes the attempt.
func (c *call) exchange(wire *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(wire.Context(), c.client.config.Timeout)
	defer cancel()
	attempt, err := c.signed(wire.WithContext(ctx))
	if err != nil {
		closeBody(wire)
		return nil, exchange.Errorf(exchange.Internal, "sign the request: %w", err)
	}
	began := c.client.deps.Clock()
	reply, err := c.client.transport.RoundTrip(attempt)
	if err == nil {
		err = c.receive(reply)
	}
	c.trace(wire.Context(), began, reply)
	if err != nil {
		return nil, err
	}
	reply.Body = http.NoBody
	return reply, nil
}

// signed gives an attempt the fields of the request. Those that hold good for this attempt only come into a copy: the request's own
// belong to its caller, and there may be another attempt.
func (c *call) signed(attempt *http.Request) (*http.Request, error) {
	own, added := c.request.Header, attempt.Header
	if own != nil && len(added) == 0 && c.request.Sign == nil {
		attempt.Header = own
		return attempt, nil
	}
	attempt.Header = added.Clone()
	maps.Copy(attempt.Header, own.Clone())
	if c.request.Sign == nil {
		return attempt, nil
	}
	return attempt, c.request.Sign(attempt.Header)
}

// trace tells what the attempt showed; reply is nil without an answer.
func (c *call) trace(ctx context.Context, began time.Time, reply *http.Response) {
	ended := c.client.deps.Clock()
	seen := Attempt{Destination: c.client.destination, Ended: ended, Took: ended.Sub(began)}
	if reply != nil {
		if date := reply.Header.Get("Date"); date != "" {
			seen.Date, _ = http.ParseTime(date) // zero if it can't be read
		}
		seen.CertUntil = firstEnd(reply.TLS)
	}
	c.client.deps.Trace(ctx, seen)
}

// closeBody does what the contract of [http.RoundTripper] asks for when an attempt ends before it began.
func closeBody(wire *http.Request) {
	if wire.Body != nil {
		_ = wire.Body.Close()
	}
}

// receive reads and judges the answer.
func (c *call) receive(reply *http.Response) error {
	defer reply.Body.Close()
	limit := c.request.MaxBody
	if limit == 0 {
		limit = DefaultMaxBody
	}
	var body bytes.Buffer
	if reply.ContentLength > 0 && reply.ContentLength <= limit {
		body.Grow(int(reply.ContentLength) + bytes.MinRead)
	}
	read, err := body.ReadFrom(io.LimitReader(reply.Body, limit+1))
	if err != nil {
		return err
	}
	if read > limit {
		return exchange.Errorf(exchange.SourceInvalid, "the answer has more than %d bytes", limit)
	}
	c.response = Response{Status: reply.StatusCode, Header: reply.Header, Body: body.Bytes()}
	return c.request.judge(c.response)
}
