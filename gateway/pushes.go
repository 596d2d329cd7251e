package gateway

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Push is an address at which one platform announces changes in a format of its own. It is no part of the contract: who may call and
// what is said is the format's to prove.
type Push struct {
	Path     string // such as /push/suihaoban; outside of /v1
	Platform string // the reporter's id
	MaxBody  int64  // bytes
	Taker    PushTaker
}

// PushTaker takes a push.
type PushTaker interface {
	// Take gives the platform's own answer and its HTTP status. The error is for the log; the answer says what the platform may know.
	Take(ctx context.Context, header http.Header, body []byte) (status int, answer []byte, err error)
}

// pushesAtWork is how many pushes of one platform are worked on at once; more are told to come back.
const pushesAtWork = 8

// routePushes registers the addresses. Nothing is known of a caller before the format was read: its body has a bound of its own and a
// failure there is a problem of the contract. So a place is taken only once the body is there; see [admit].
func (g *Gateway) routePushes() {
	for _, push := range g.deps.Pushes {
		steps := []echo.MiddlewareFunc{g.named("push." + push.Platform), g.readUpTo(push.MaxBody), admit(make(chan struct{}, pushesAtWork))}
		g.echo.POST(push.Path, func(c echo.Context) error { return g.take(c, push) }, steps...)
	}
}

func (g *Gateway) take(c echo.Context, push Push) error {
	v := visitOf(c)
	if c.Request().URL.RawQuery != "" || c.Request().URL.ForceQuery {
		return invalid(fault("", faultQueryString))
	}
	g.follow(c, v)
	status, answer, err := push.Taker.Take(c.Request().Context(), c.Request().Header, v.body)
	v.outcome, v.failure = exchange.Answered, err
	if err != nil {
		v.outcome = string(failureOf(err).Code)
	}
	r := reply{status: status, media: mediaJSON, body: answer}
	if err != nil {
		r.retryAfter = retryAfter(failureOf(err).RetryAfter, 0)
	}
	g.send(c, v, r)
	return nil
}
