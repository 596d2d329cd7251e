package app

import (
	"cmp"
	"context"
	"crypto/tls"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/internal/telemetry"
)

// openTelemetry prepares the traces, where a collector is configured.
func (a *App) openTelemetry(ctx context.Context) error {
	counts, err := newTelemetryCounts(a.registry)
	if err != nil {
		return err
	}
	a.recordFailures = counts.recordFailures
	if a.config.Telemetry.OTLP.Endpoint == "" {
		return nil
	}
	settings, err := telemetryConfig(a.config)
	if err != nil {
		return err
	}
	settings.Observe, settings.Ended = counts.exported(a.logger), counts.spans.WithLabelValues("ended").Inc
	a.tracer, err = telemetry.Open(ctx, settings)
	return a.config.At("$.telemetry.otlp", err)
}

// telemetryConfig loads what its settings refer to.
func telemetryConfig(c *config.Config) (telemetry.Config, error) {
	const at = "$.telemetry.otlp"
	from := &c.Telemetry.OTLP
	token, err := optionalText(c, at+".token", from.Token)
	if err != nil {
		return telemetry.Config{}, err
	}
	secure, err := collectorTLS(c, at+".tls", from.TLS)
	if err != nil {
		return telemetry.Config{}, err
	}
	return telemetry.Config{
		Endpoint: from.Endpoint, Ratio: from.Ratio, Token: token, TLS: secure, Version: buildVersion(),
		Traceparent: telemetry.Traceparent(c.Telemetry.Traceparent), Node: cmp.Or(c.Journal.Node(), c.Gateway.KeyID),
	}, nil
}

func collectorTLS(c *config.Config, at string, from config.JournalTLS) (*tls.Config, error) {
	secure, err := journalTLS(c, at, from)
	if secure != nil { // a collector is only called
		secure.ClientCAs, secure.ClientAuth = nil, tls.NoClientCert
	}
	return secure, err
}

// telemetryTime bounds the wait for the last traces at a stop: they are worth less than a stop in time.
const telemetryTime = time.Second

func (a *App) closeTelemetry() {
	ctx, cancel := context.WithTimeout(context.Background(), telemetryTime)
	defer cancel()
	if err := a.tracer.Close(ctx); err != nil {
		a.logger.Warn("traces", "error", err)
	}
}
