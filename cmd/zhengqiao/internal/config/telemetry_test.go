package config_test

import (
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

func TestTelemetryIsChecked(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]string{
		"telemetry: {otlp: {endpoint: 'http://127.0.0.1:4318', ratio: 0.1}}":                           "",
		"telemetry: {traceparent: parent}":                                                             "",
		"telemetry: {traceparent: trust}":                                                              "want ignore, link or parent",
		"telemetry: {otlp: {ratio: 0.1}}":                                                              "endpoint is required",
		"telemetry: {otlp: {endpoint: 'http://127.0.0.1:4318'}}":                                       "want a share above 0",
		"telemetry: {otlp: {endpoint: 'http://127.0.0.1:4318', ratio: 1.5}}":                           "want a share above 0",
		"telemetry: {otlp: {endpoint: 'http://a:b@127.0.0.1:4318', ratio: 1}}":                         "neither user nor query",
		"telemetry: {otlp: {endpoint: '127.0.0.1:4318', ratio: 1}}":                                    "want http://host:port",
		"telemetry: {otlp: {endpoint: 'https://127.0.0.1:4318', ratio: 1, tls: {certificate: a.pem}}}": "certificate and key go together",
	} {
		t.Run(settings, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(write(t, good+settings+"\n"), nil)
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}
