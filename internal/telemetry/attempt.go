package telemetry

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Attempt begins the span of the nth attempt of a call to a destination, counted from 1. carry, if not nil, gets the traceparent that
// the destination may go on with. The returned function ends the span with the answer's HTTP status, 0 if there was none, and the code
// of the failure, empty for none.
func (t *Tracer) Attempt(ctx context.Context, destination string, n int, carry http.Header) func(status int, failure exchange.Code) {
	if !t.follows(ctx) { // before the attributes cost anything
		return func(int, exchange.Code) {}
	}
	ctx, span := t.step(ctx, "outbound.attempt", trace.SpanKindClient,
		attribute.String("destination", destination), attribute.Int("attempt", n))
	if carry != nil {
		propagation.TraceContext{}.Inject(ctx, onlyTraceparent(carry))
	}
	return func(status int, failure exchange.Code) {
		if status != 0 {
			span.SetAttributes(attribute.Int("http.response.status_code", status))
		}
		finish(span, string(failure))
	}
}

// onlyTraceparent takes no other field.
type onlyTraceparent http.Header

// Get implements the carrier.
func (o onlyTraceparent) Get(key string) string { return http.Header(o).Get(key) }

// Set implements the carrier.
func (o onlyTraceparent) Set(key, value string) {
	if key == traceparentHeader {
		http.Header(o).Set(key, value)
	}
}

// Keys implements the carrier.
func (o onlyTraceparent) Keys() []string { return []string{traceparentHeader} }
