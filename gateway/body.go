package gateway

import (
	"bytes"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// readBody reads the body whole, since the signature covers all of it. A length that is announced too large is refused before
// a byte is read.
func (g *Gateway) readBody(next echo.HandlerFunc) echo.HandlerFunc {
	return g.readUpTo(g.deps.Limits.BodyBytes)(next)
}

func (g *Gateway) readUpTo(limit int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			request := c.Request()
			if request.ContentLength > limit {
				return &exchange.Error{Code: exchange.BodyTooLarge}
			}
			var body bytes.Buffer
			body.Grow(int(max(request.ContentLength, 0)) + bytes.MinRead)
			if _, err := body.ReadFrom(http.MaxBytesReader(c.Response(), request.Body, limit)); err != nil {
				return unreadable(err)
			}
			visitOf(c).body = body.Bytes()
			return next(c)
		}
	}
}

// unreadable is for a body of which not all has been seen, so that nothing can be said about what it holds.
func unreadable(err error) error {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return &exchange.Error{Code: exchange.BodyTooLarge}
	}
	return exchange.Errorf(exchange.BodyIncomplete, "read the body: %w", err)
}
