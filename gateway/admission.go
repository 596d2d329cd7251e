package gateway

import (
	"time"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// retrySoon is the advice to a caller who came while all places were taken.
const retrySoon = time.Second

// admit bounds how many requests are at work. It comes after the body was read: a slow sender holds a connection, of which
// there is a bounded number too, but no place. Nobody queues here: to wait would use up the caller's time budget unseen.
func (g *Gateway) admit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		select {
		case g.working <- struct{}{}:
			defer func() { <-g.working }()
			return next(c)
		default:
			return &exchange.Error{Code: exchange.Overloaded, RetryAfter: retrySoon}
		}
	}
}
