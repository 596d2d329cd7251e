package gateway

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// retrySoon is the advice to a caller who came while all places were taken.
const retrySoon = time.Second

// admit bounds how many requests of callers who prove nothing are at work. It comes after the body was read: a slow sender holds a
// connection, of which there is a bounded number too, but no place. Nobody queues here, since nobody knows whose turn it would be.
func admit(places chan struct{}) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			select {
			case places <- struct{}{}:
				defer func() { <-places }()
				return next(c)
			default:
				return &exchange.Error{Code: exchange.Overloaded, RetryAfter: retrySoon}
			}
		}
	}
}

// within lets a platform in that has proved who it is, as far as its quota goes, and bounds the time of a query from here on: what it
// waited for its place is not there any more to wait for a source.
func (g *Gateway) within(class Class) echo.MiddlewareFunc {
	budget := g.deps.Limits.budget(class)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			v, request := visitOf(c), c.Request()
			began := time.Now()
			place, standing, err := g.deps.Quotas.Enter(request.Context(), class, v.platform.ID, budget)
			v.standing = standing
			if err != nil {
				return err
			}
			defer place.Leave()
			if class == Queries {
				ctx, cancel := context.WithDeadline(request.Context(), began.Add(budget))
				defer cancel()
				c.SetRequest(request.WithContext(ctx))
			}
			return next(c)
		}
	}
}
