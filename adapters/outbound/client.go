package outbound

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Client calls one destination. It is safe for concurrent use.
type Client struct {
	destination string
	config      Config
	deps        Deps
	transport   *http.Transport
	gate        *gate
}

// New opens a client. destination is the name under which calls are counted and failures reported: the source's id. Nothing
// is connected yet. An error names the setting that cannot be used.
func New(destination string, config Config, deps Deps) (*Client, error) {
	if err := config.Validate(); err != nil {
		return nil, fmt.Errorf("http: %w", err)
	}
	config, deps = config.filled(), deps.Filled()
	transport, err := newTransport(config)
	if err != nil {
		return nil, fmt.Errorf("http: %w", err)
	}
	logger := deps.Logger.With("destination", destination)
	client := &Client{destination: destination, config: config, deps: deps, transport: transport, gate: newGate(config, logger)}
	deps.Track(client)
	return client, nil
}

// Destination gives the name that the client was opened with.
func (c *Client) Destination() string { return c.destination }

// State tells what the breaker is: "closed" (calls pass), "open" (the destination counts as down) or "half-open" (one call
// tries).
func (c *Client) State() string { return c.gate.breaker.State().String() }

// Close drops the kept connections.
func (c *Client) Close() error {
	c.transport.CloseIdleConnections()
	return nil
}

// Do makes the call and gives the complete answer that Judge accepted. Every failure is an [*exchange.Error] with the
// destination as its source:
//
//   - SourceDown: not reachable (name, address, connection, TLS), 5xx, or the breaker is open
//   - SourceTimeout: no complete answer before ctx's deadline or the attempt's timeout; also when ctx was cancelled, which
//     errors.Is(err, context.Canceled) tells
//   - TransferInterrupted: the connection broke after it was made
//   - SourceInvalid: too large, of a wrong media type, or not HTTP
//   - SourceRefused: 401, 403, 429
//   - Overloaded: as many calls as allowed are under way
//   - and whatever Judge says
func (c *Client) Do(ctx context.Context, request Request) (Response, error) {
	started := c.deps.Clock()
	response, err := c.admitted(ctx, request)
	failure := c.asError(err)
	var code exchange.Code
	if failure != nil {
		code = failure.Code
	}
	c.deps.Observer.Observe(ctx, c.destination, code, c.deps.Clock().Sub(started))
	if failure != nil {
		return Response{}, failure
	}
	return response, nil
}

func (c *Client) admitted(ctx context.Context, request Request) (response Response, err error) {
	entered, err := c.gate.enter(ctx)
	if err != nil {
		return Response{}, err
	}
	err = errUnfinished // what leave sees if Judge or Sign panics
	defer func() { c.gate.leave(entered, err) }()
	return c.attempts(ctx, request)
}

func (c *Client) asError(err error) *exchange.Error {
	if err == nil {
		return nil
	}
	failure, ok := errors.AsType[*exchange.Error](err)
	if !ok {
		failure = &exchange.Error{Code: exchange.Internal, Err: err}
	}
	named := *failure
	named.Source = c.destination
	return &named
}
