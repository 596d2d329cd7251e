package gateway

import (
	"time"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// visit is one request on its way through the steps, and what its log event will say. It belongs to one goroutine.
type visit struct {
	id        string // of request, decision and problem
	received  time.Time
	operation string // operationId of the contract; empty: no route
	body      []byte // as sent, which is as signed
	caller    *httpsig.Verified
	platform  Platform
	standing  Standing // against its quotas
	enveloped bool     // the request came in an envelope
	outcome   string
	status    int
	sent      int // bytes
	region    exchange.Region
	source    string
	stale     bool
	receipt   *exchange.Receipt
	trail     trail
	failure   error // for the log only
}

const visitKey = "visit"

// visitOf gives the request's visit, which observe put there before anything else ran.
func visitOf(c echo.Context) *visit {
	v, _ := c.Get(visitKey).(*visit)
	return v
}

// newVisit fails when no id can be drawn. The visit can be answered then, but not worked on: two queries of one id could not be
// told apart in the log.
func (g *Gateway) newVisit() (*visit, error) {
	now := g.deps.Clock()
	id, err := timedID(now, g.deps.Random)
	v := &visit{id: id.String(), received: now, outcome: string(exchange.Internal)}
	if err != nil {
		return v, exchange.Errorf(exchange.Internal, "draw a request id: %w", err)
	}
	return v, nil
}

// named notes which operation of the contract a request reached.
func (g *Gateway) named(operationID string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			visitOf(c).operation = operationID
			return next(c)
		}
	}
}
