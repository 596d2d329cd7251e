package gateway

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Tracer follows requests for distributed traces; [telemetry.Tracer] is one.
type Tracer interface {
	// Begin begins the span of a request that came at start. The header's traceparent counts only of a caller that is proven. id is that
	// of the trace, empty if it is not kept; end takes attributes without personal data.
	Begin(ctx context.Context, name string, header http.Header, proven bool, start time.Time) (_ context.Context, id string, end func(failed bool, attributes []slog.Attr))
}

// trail is what a request left on its way, for the log event and for whoever follows it over several processes. It belongs to the
// visit's goroutine.
type trail struct {
	trace    string                  // id of the trace, empty if it is not kept
	end      func(bool, []slog.Attr) // of its span; nil: it has not begun
	worked   bool                    // the work has begun
	queued   time.Duration           // from the request's header until then: its body, its signature, its place
	revision string                  // of the policy that decided
	attempts []exchange.Attempt      // at sources
}

// work notes that the work begins.
func (t *trail) work(after time.Duration) { t.worked, t.queued = true, after }

// asked is an attempt as the log shows it.
type asked struct {
	Source  string  `json:"source"`
	Outcome string  `json:"outcome"`
	TookMs  float64 `json:"tookMs"`
}

func (t *trail) attributes() []slog.Attr {
	var list []slog.Attr
	if t.trace != "" {
		list = append(list, slog.String("trace", t.trace))
	}
	if t.worked {
		list = append(list, slog.Float64("queuedMs", float64(t.queued.Microseconds())/1000))
	}
	if t.revision != "" {
		list = append(list, slog.String("revision", t.revision))
	}
	if len(t.attempts) > 0 {
		attempts := make([]asked, len(t.attempts))
		for i, attempt := range t.attempts {
			attempts[i] = asked{attempt.Source, attempt.Outcome, float64(attempt.Duration) / 1000}
		}
		list = append(list, slog.Any("attempts", attempts))
	}
	return list
}

// follow begins the span of a request, as soon as it is known who asks: what a stranger says of traces counts for nothing.
func (g *Gateway) follow(c echo.Context, v *visit) {
	if g.deps.Tracer == nil || v.trail.end != nil {
		return
	}
	name := v.operation
	if name == "" {
		name = "none"
	}
	ctx, id, end := g.deps.Tracer.Begin(c.Request().Context(), name, c.Request().Header, v.caller != nil, v.received)
	v.trail.trace, v.trail.end = id, end
	if id != "" {
		c.SetRequest(c.Request().WithContext(ctx))
	}
}

// followed ends the span when the answer is out. A request that never got as far as one has it now, so that refusals show too.
func (g *Gateway) followed(c echo.Context, v *visit) {
	if g.deps.Tracer == nil {
		return
	}
	g.follow(c, v)
	if v.trail.trace != "" {
		v.trail.end(v.status >= 500, v.spanAttributes(c.Request().Method))
	}
}

// spanAttributes are those of the log event that name nothing but the configuration, codes and numbers.
func (v *visit) spanAttributes(method string) []slog.Attr {
	list := []slog.Attr{
		slog.String("request", v.id), slog.String("http.request.method", boundedMethod(method)), slog.String("outcome", v.outcome),
		slog.Int("http.response.status_code", v.status), slog.Int("received", len(v.body)), slog.Int("sent", v.sent),
	}
	if v.caller != nil {
		list = append(list, slog.String("platform", v.platform.ID), slog.String("region", string(v.region)))
	}
	if v.source != "" {
		list = append(list, slog.String("source", v.source))
	}
	if v.receipt != nil {
		list = append(list, slog.String("log", v.receipt.Log), slog.Uint64("index", v.receipt.Index))
	}
	if v.trail.revision != "" {
		list = append(list, slog.String("revision", v.trail.revision))
	}
	return list
}
