package config

import (
	"net/url"
	"path/filepath"
	"slices"
)

// Telemetry says where traces of the work go.
type Telemetry struct {
	// Traceparent is what a proven caller's header field of that name is taken for: ignore, link (a trace of our own refers to it) or
	// parent (our spans are part of the caller's trace, and the caller says whether it is kept). Default link.
	Traceparent string `yaml:"traceparent" env:"TRACEPARENT"`
	// OTLP sends traces to a collector; without an endpoint none are made.
	OTLP OTLP `yaml:"otlp" envPrefix:"OTLP_"`
}

// OTLP is a collector that takes OTLP over HTTP.
type OTLP struct {
	// Endpoint is its address, such as https://collector:4318; without a path it gets /v1/traces. Empty: no traces.
	Endpoint string `yaml:"endpoint" env:"ENDPOINT"`
	// Ratio is the share of traces that are kept, above 0 to 1. Required with endpoint.
	Ratio float64 `yaml:"ratio" env:"RATIO"`
	// Token refers (file:PATH) to what goes along as Authorization: Bearer. Default: none.
	Token string `yaml:"token" env:"TOKEN"`
	// TLS are the files for https.
	TLS JournalTLS `yaml:"tls" envPrefix:"TLS_"`
}

func (c *Config) checkTelemetry(f *faults) {
	t := &c.Telemetry
	f.add(slices.Contains([]string{"", "ignore", "link", "parent"}, t.Traceparent), "$.telemetry.traceparent", "want ignore, link or parent")
	const at = "$.telemetry.otlp"
	if t.OTLP.Endpoint == "" {
		f.add(t.OTLP == OTLP{}, at, "endpoint is required")
		return
	}
	f.add(isCollector(t.OTLP.Endpoint), at+".endpoint", "want http://host:port or https://host:port, with neither user nor query")
	f.add(t.OTLP.Ratio > 0 && t.OTLP.Ratio <= 1, at+".ratio", "want a share above 0, at most 1")
	f.add((t.OTLP.TLS.Certificate == "") == (t.OTLP.TLS.Key == ""), at+".tls", "certificate and key go together")
}

func isCollector(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
}

// resolve makes its plain paths absolute.
func (t *Telemetry) resolve(folder string) {
	for _, path := range []*string{&t.OTLP.TLS.Certificate, &t.OTLP.TLS.Key, &t.OTLP.TLS.CA} {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(folder, *path)
		}
	}
}
