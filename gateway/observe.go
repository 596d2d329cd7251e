package gateway

import (
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/exchange/personal"
)

// observe is the outermost step: it gives the request its id, answers whatever goes wrong further in, and writes the one log
// event when the answer is out. The event has no path, no query string, no header and no body: any of them may hold personal
// data.
func (g *Gateway) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		v, err := g.newVisit()
		c.Set(visitKey, v)
		g.metrics.begin()
		defer func() {
			elapsed := g.deps.Clock().Sub(v.received)
			g.followed(c, v)
			g.metrics.end(v, elapsed)
			g.deps.Logger.LogAttrs(c.Request().Context(), v.level(), "request", v.attributes(c.Request().Method, elapsed)...)
		}()
		if err == nil {
			err = g.guarded(next, c)
		}
		if err != nil {
			c.Error(err)
		}
		return nil
	}
}

// guarded turns a panic into an error. Of what was panicked with only an error is kept; of anything else only the type, since
// a value could hold personal data.
func (g *Gateway) guarded(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case error:
			err = exchange.Errorf(exchange.Internal, "panic: %w at %s", cause, debug.Stack())
		default:
			err = exchange.Errorf(exchange.Internal, "panic with a %T at %s", cause, debug.Stack())
		}
	}()
	return next(c)
}

func (v *visit) level() slog.Level {
	switch {
	case v.outcome == string(exchange.Internal) || v.outcome == string(exchange.RecordNotDurable):
		return slog.LevelError
	case v.status >= 500:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

func (v *visit) attributes(method string, elapsed time.Duration) []slog.Attr {
	list := []slog.Attr{
		slog.String("id", v.id), slog.String("method", boundedMethod(method)), slog.String("operation", v.operation),
		slog.String("outcome", v.outcome), slog.Int("status", v.status), slog.Float64("elapsedMs", float64(elapsed.Microseconds())/1000),
		slog.Int("received", len(v.body)), slog.Int("sent", v.sent),
	}
	if v.caller != nil {
		list = append(list, slog.String("platform", v.platform.ID), slog.String("key", v.caller.KeyID),
			slog.String("region", string(v.region)), slog.Bool("envelope", v.enveloped))
	}
	if v.source != "" {
		list = append(list, slog.String("source", v.source), slog.Bool("stale", v.stale))
	}
	if v.receipt != nil {
		list = append(list, slog.String("log", v.receipt.Log), slog.Uint64("index", v.receipt.Index))
	}
	list = append(list, v.trail.attributes()...)
	if v.failure != nil {
		list = append(list, slog.String("error", personal.Mask(v.failure.Error(), v.received)))
	}
	return list
}

// boundedMethod keeps a caller from writing into the log by way of an invented method.
func boundedMethod(method string) string {
	switch method {
	case "GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS":
		return method
	}
	return "other"
}
