package outbound

import (
	"net/http"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// followed makes an attempt of which a distributed trace is kept.
func (c *call) followed(wire *http.Request) (*http.Response, error) {
	var carry http.Header
	if c.request.Traced {
		carry = http.Header{}
	}
	end := c.client.deps.Spans.Attempt(wire.Context(), c.client.destination, c.attempt, carry)
	c.response.Status = 0 // of the attempt before
	reply, err := c.exchange(carrying(wire, carry))
	var failure exchange.Code
	if err != nil {
		failure = classify(wire.Context(), c.connected.Load(), err).Code
	}
	end(c.response.Status, failure)
	return reply, err
}

// carrying gives the request with the fields added, and leaves the given one, of which there may be another attempt, as it is.
func carrying(wire *http.Request, fields http.Header) *http.Request {
	if len(fields) == 0 {
		return wire
	}
	with := wire.WithContext(wire.Context())
	with.Header = wire.Header.Clone()
	for name, values := range fields {
		with.Header[name] = values
	}
	return with
}
