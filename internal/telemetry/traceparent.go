package telemetry

import (
	"context"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/zhengqiao/zhengqiao/exchange"
)

const (
	// traceparentHeader is the field's name (W3C Trace Context §3.2). tracestate and baggage are neither read nor sent: their content is
	// whoever's.
	traceparentHeader = "traceparent"
	// longestTraceparent is twice that of version 00, for later ones.
	longestTraceparent = 110
)

// parse reads a traceparent. What is not one, or could be a personal number in the guise of an id, gives a span context that is not
// valid.
func parse(text string, now time.Time) trace.SpanContext {
	if len(text) > longestTraceparent {
		return trace.SpanContext{}
	}
	carrier := propagation.MapCarrier{traceparentHeader: text}
	remote := trace.SpanContextFromContext(propagation.TraceContext{}.Extract(context.Background(), carrier))
	if holdsNumber(remote.TraceID().String(), now) {
		return trace.SpanContext{}
	}
	return remote
}

// idNumberSize is the length of an ID number (GB 11643). The last character may be an X, which no trace id has.
const idNumberSize = 18

// holdsNumber reports whether the digits of an id contain a valid ID number, whatever stands before and after it: the 32 of a trace id
// have room for one. In drawn ids this practically does not happen.
func holdsNumber(id string, now time.Time) bool {
	for i := range len(id) - idNumberSize + 1 {
		if _, err := exchange.ParseIDNumber(id[i:i+idNumberSize], now); err == nil {
			return true
		}
	}
	return false
}

// carried gives the traceparent of the span in ctx; empty if it is not kept.
func carried(ctx context.Context) string {
	if !trace.SpanContextFromContext(ctx).IsSampled() {
		return ""
	}
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	return carrier[traceparentHeader]
}

// of gives what a caller's header field says, if it says it once.
func of(header http.Header) string {
	if values := header.Values(traceparentHeader); len(values) == 1 {
		return values[0]
	}
	return ""
}
