package telemetry

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// codeOf names how a step ended; empty for well.
func codeOf(err error) string {
	if err == nil {
		return ""
	}
	return string(exchange.CodeOf(err))
}

// Decider follows decisions.
func (t *Tracer) Decider(next exchange.Decider) exchange.Decider {
	if t == nil {
		return next
	}
	return decider{t, next}
}

type decider struct {
	tracer *Tracer
	next   exchange.Decider
}

// Decide implements [exchange.Decider].
func (d decider) Decide(ctx context.Context, request exchange.DecisionRequest) (exchange.Decision, error) {
	ctx, span := d.tracer.step(ctx, "policy.decide", trace.SpanKindInternal)
	decision, err := d.next.Decide(ctx, request)
	if span != nil {
		finish(span, codeOf(err), attribute.Bool("allow", decision.Allow), attribute.String("revision", decision.Revision))
	}
	return decision, err
}

// Recorder follows records until they are durable.
func (t *Tracer) Recorder(next exchange.Recorder) exchange.Recorder {
	if t == nil {
		return next
	}
	return recorder{t, next}
}

type recorder struct {
	tracer *Tracer
	next   exchange.Recorder
}

// Record implements [exchange.Recorder].
func (r recorder) Record(ctx context.Context, record *exchange.Record) (exchange.Receipt, error) {
	ctx, span := r.tracer.step(ctx, "journal.append", trace.SpanKindInternal)
	receipt, err := r.next.Record(ctx, record)
	if span != nil {
		finish(span, codeOf(err), attribute.String("log", receipt.Log), attribute.Int64("index", int64(receipt.Index)))
	}
	return receipt, err
}

// Step follows anything else that is done below a request: name is the step's, such as journal.put, and the function that it gives ends
// it with its failure.
func (t *Tracer) Step(ctx context.Context, name string) (context.Context, func(error)) {
	ctx, span := t.step(ctx, name, trace.SpanKindInternal)
	if span == nil {
		return ctx, func(error) {}
	}
	return ctx, func(err error) { finish(span, codeOf(err)) }
}

// Report begins the span of taking a report in, a trace of its own where no request led to it, as with polls. traceparent is what the
// change is to carry on, empty if the trace is not kept.
func (t *Tracer) Report(ctx context.Context, reporter string) (_ context.Context, traceparent string, end func(outcome string, err error)) {
	if t == nil {
		return ctx, "", func(string, error) {}
	}
	spanned, span := t.spans.Start(ctx, "changes.report", trace.WithAttributes(attribute.String("platform", reporter)))
	if !span.SpanContext().IsSampled() {
		return ctx, "", func(string, error) {}
	}
	return spanned, carried(spanned), func(outcome string, err error) {
		if err == nil {
			span.SetAttributes(attribute.String("outcome", outcome))
		}
		finish(span, codeOf(err))
	}
}
