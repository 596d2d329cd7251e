package gateway

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// strangersInLine is how many callers who proved nothing may wait for the verification of their signature.
const strangersInLine = 64

// strangersPatience is for how long.
const strangersPatience = time.Second

// strangers bounds the verification of signatures that may well be forged. Whoever proved itself on this connection is none, until a
// signature on it turns out wrong; so a flood of forged requests keeps from the platforms at most what the bound allows, and from a new
// connection of theirs, which stands in the same line, a moment.
type strangers struct {
	line   chan struct{} // holds a token for each that is verified or waits
	places chan struct{} // and for each that is verified
}

func newStrangers(atOnce int) *strangers {
	return &strangers{line: make(chan struct{}, atOnce+strangersInLine), places: make(chan struct{}, atOnce)}
}

// bound puts the bound around the step that proves a signature, and nothing further in.
func (s *strangers) bound(prove func(echo.Context) error) func(echo.Context) error {
	return func(c echo.Context) error {
		ctx := c.Request().Context()
		if known, ok := connectionOf(ctx); ok && known.trusted.Load() {
			err := prove(c)
			known.trusted.Store(err == nil)
			return err
		}
		if err := s.enter(ctx); err != nil {
			return err
		}
		defer func() { <-s.places; <-s.line }()
		err := prove(c)
		if known, ok := connectionOf(ctx); ok {
			known.trusted.Store(err == nil)
		}
		return err
	}
}

func (s *strangers) enter(ctx context.Context) error {
	select {
	case s.line <- struct{}{}:
	default:
		return &exchange.Error{Code: exchange.Overloaded, RetryAfter: retrySoon}
	}
	timer := time.NewTimer(strangersPatience)
	defer timer.Stop()
	select {
	case s.places <- struct{}{}:
		return nil
	case <-timer.C:
	case <-ctx.Done():
	}
	<-s.line
	return &exchange.Error{Code: exchange.Overloaded, RetryAfter: retrySoon, Err: ctx.Err()}
}
