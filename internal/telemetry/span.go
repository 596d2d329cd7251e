package telemetry

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// End ends a span. failed is for failures of ours and of platforms; a refusal is an outcome. Each attribute must be a name of the
// configuration, a code or a number.
type End = func(failed bool, attributes []slog.Attr)

func noEnd(bool, []slog.Attr) {}

// Begin begins the span of a request that came at start. The header counts only of a caller that is proven, and as configured. id is
// that of the trace, in lower-case hex; empty if it is not kept, and end has no effect then.
func (t *Tracer) Begin(ctx context.Context, name string, header http.Header, proven bool, start time.Time) (_ context.Context, id string, end End) {
	if t == nil {
		return ctx, "", noEnd
	}
	options := []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindServer), trace.WithTimestamp(start)}
	if remote := t.caller(header, proven, start); remote.IsValid() {
		if t.traceparent == TraceparentParent {
			ctx = trace.ContextWithRemoteSpanContext(ctx, remote)
		} else {
			options = append(options, trace.WithLinks(trace.Link{SpanContext: remote}))
		}
	}
	spanned, span := t.spans.Start(ctx, name, options...)
	if !span.SpanContext().IsSampled() {
		return ctx, "", noEnd
	}
	return spanned, span.SpanContext().TraceID().String(), ending(span)
}

func (t *Tracer) caller(header http.Header, proven bool, now time.Time) trace.SpanContext {
	if !proven || t.traceparent == TraceparentIgnore {
		return trace.SpanContext{}
	}
	return parse(of(header), now)
}

// Deliver begins the span of telling a platform of a change, which refers to the trace of the report that brought it: hours may lie
// between them. reported is the traceparent that the change carries; empty: none.
func (t *Tracer) Deliver(ctx context.Context, platform, reported string) (context.Context, func(outcome string, failed bool)) {
	if t == nil {
		return ctx, func(string, bool) {}
	}
	options := []trace.SpanStartOption{
		trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(attribute.String("platform", platform)),
	}
	if origin := parse(reported, time.Now()); origin.IsValid() {
		options = append(options, trace.WithLinks(trace.Link{SpanContext: origin}))
	}
	spanned, span := t.spans.Start(ctx, "changes.deliver", options...)
	if !span.SpanContext().IsSampled() {
		return ctx, func(string, bool) {}
	}
	end := ending(span)
	return spanned, func(outcome string, failed bool) { end(failed, []slog.Attr{slog.String("outcome", outcome)}) }
}

// TraceID gives the id of the trace that ctx belongs to; empty if it is not kept. It fits exemplars.
func TraceID(ctx context.Context) string {
	if kept := trace.SpanContextFromContext(ctx); kept.IsSampled() {
		return kept.TraceID().String()
	}
	return ""
}

// step begins a span below the one in ctx. Without one, or if it isn't kept, nothing is begun: what nobody asked for is not followed.
func (t *Tracer) step(ctx context.Context, name string, kind trace.SpanKind, attributes ...attribute.KeyValue) (context.Context, trace.Span) {
	if !t.follows(ctx) {
		return ctx, nil
	}
	return t.spans.Start(ctx, name, trace.WithSpanKind(kind), trace.WithAttributes(attributes...))
}

// follows reports whether ctx belongs to a trace that is kept.
func (t *Tracer) follows(ctx context.Context) bool {
	return t != nil && trace.SpanContextFromContext(ctx).IsSampled()
}

// finish ends a step by the code of its failure, empty for none.
func finish(span trace.Span, code string, attributes ...attribute.KeyValue) {
	if code != "" {
		span.SetStatus(codes.Error, code)
		attributes = append(attributes, attribute.String("outcome", code))
	}
	span.SetAttributes(attributes...)
	span.End()
}

func ending(span trace.Span) End {
	return func(failed bool, attributes []slog.Attr) {
		for _, given := range attributes {
			span.SetAttributes(attributeOf(given))
		}
		if failed {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// attributeOf takes texts, numbers and truth values; of anything else, an empty text.
func attributeOf(given slog.Attr) attribute.KeyValue {
	switch key := attribute.Key(given.Key); given.Value.Kind() {
	case slog.KindString:
		return key.String(given.Value.String())
	case slog.KindInt64:
		return key.Int64(given.Value.Int64())
	case slog.KindUint64:
		return key.Int64(int64(given.Value.Uint64()))
	case slog.KindFloat64:
		return key.Float64(given.Value.Float64())
	case slog.KindBool:
		return key.Bool(given.Value.Bool())
	default:
		return key.String("")
	}
}
