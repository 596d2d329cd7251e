package telemetry

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Tracer makes spans. It is safe for concurrent use; nil makes none.
type Tracer struct {
	spans       trace.Tracer
	provider    *sdk.TracerProvider
	exporter    sdk.SpanExporter
	traceparent Traceparent
}

const (
	serviceName  = "zhengqiao"
	exportTime   = 10 * time.Second // bounds one delivery to the collector, with its repetitions
	waitingSpans = 4096             // that wait for the collector; what comes beyond is dropped, no request waits
	batchSpans   = 512
)

// Open prepares the way to the collector, which need not be there: a span that can't be delivered is dropped and told to Observe. The
// error names the setting that can't be used. Close must be called.
func Open(ctx context.Context, config Config) (*Tracer, error) {
	if err := config.fill(); err != nil {
		return nil, err
	}
	exporter, err := otlptracehttp.New(ctx, config.options()...)
	if err != nil {
		return nil, fmt.Errorf("open the way to the collector: %w", err)
	}
	provider := sdk.NewTracerProvider(
		sdk.WithResource(resource.NewSchemaless(
			attribute.String("service.name", serviceName), attribute.String("service.version", config.Version),
			attribute.String("service.instance.id", config.Node))),
		sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(config.Ratio))),
		sdk.WithRawSpanLimits(sdk.SpanLimits{
			AttributeValueLengthLimit: 256, AttributeCountLimit: 64, EventCountLimit: 16, LinkCountLimit: 4,
			AttributePerEventCountLimit: 16, AttributePerLinkCountLimit: 4,
		}),
		sdk.WithSpanProcessor(ended(config.Ended)),
		sdk.WithBatcher(watched{exporter, config.Observe}, sdk.WithBatchTimeout(config.Wait), sdk.WithExportTimeout(exportTime),
			sdk.WithMaxQueueSize(waitingSpans), sdk.WithMaxExportBatchSize(batchSpans)),
	)
	return &Tracer{spans: provider.Tracer(serviceName), provider: provider, exporter: exporter, traceparent: config.Traceparent}, nil
}

// options leave nothing to the environment: what is not configured here must not be set elsewhere.
func (c *Config) options() []otlptracehttp.Option {
	transport := &http.Transport{Proxy: nil, TLSClientConfig: c.TLS, MaxIdleConns: 2, IdleConnTimeout: time.Minute}
	headers := map[string]string{}
	if c.Token != "" {
		headers["Authorization"] = "Bearer " + c.Token
	}
	return []otlptracehttp.Option{
		otlptracehttp.WithEndpointURL(c.Endpoint), otlptracehttp.WithHeaders(headers), otlptracehttp.WithTimeout(exportTime),
		otlptracehttp.WithCompression(otlptracehttp.GzipCompression),
		otlptracehttp.WithHTTPClient(&http.Client{Transport: transport, CheckRedirect: stay}),
		otlptracehttp.WithRetry(otlptracehttp.RetryConfig{
			Enabled: true, InitialInterval: time.Second, MaxInterval: exportTime / 2, MaxElapsedTime: exportTime,
		}),
	}
}

// stay follows no redirection: the token is for the configured address alone.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Close sends what is left, as long as ctx lasts.
func (t *Tracer) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	err := t.provider.Shutdown(ctx)
	_ = t.exporter.Shutdown(ctx) // ends a delivery that the provider has given up; the second time it has nothing to say
	if err != nil {
		return fmt.Errorf("send the last traces: %w", err)
	}
	return nil
}

// watched tells of each delivery and takes its error away from the SDK, which would write it to standard error by a global handler.
type watched struct {
	sdk.SpanExporter
	observe func(int, error)
}

// ExportSpans implements the SDK's exporter.
func (w watched) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	w.observe(len(spans), w.SpanExporter.ExportSpans(ctx, spans))
	return nil
}

// ended tells of each span that is kept: the SDK says nothing of those that find its queue full.
type ended func()

// OnStart implements the SDK's processor.
func (ended) OnStart(context.Context, sdk.ReadWriteSpan) {}

// OnEnd implements the SDK's processor.
func (e ended) OnEnd(span sdk.ReadOnlySpan) {
	if span.SpanContext().IsSampled() {
		e()
	}
}

// Shutdown implements the SDK's processor.
func (ended) Shutdown(context.Context) error { return nil }

// ForceFlush implements the SDK's processor.
func (ended) ForceFlush(context.Context) error { return nil }
