package outbound_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
)

func TestBadSettingsAreNamed(t *testing.T) {
	t.Parallel()
	cases := map[string]outbound.Config{
		"timeout":             {Timeout: -time.Second},
		"attempts":            {Attempts: 6},
		"retryWait":           {RetryWait: -1},
		"concurrency":         {Concurrency: -1},
		"queueWait":           {QueueWait: -1},
		"breaker.failureRate": {Breaker: outbound.BreakerConfig{FailureRate: 1.5}},
		"breaker.minCalls":    {Breaker: outbound.BreakerConfig{MinCalls: -1}},
		"breaker.window":      {Breaker: outbound.BreakerConfig{Window: -1}},
		"breaker.openFor":     {Breaker: outbound.BreakerConfig{OpenFor: -1}},
		"allow[1]":            {Allow: []string{"10.0.0.0/8", "10.0.0.1"}},
		"proxy":               {Proxy: "socks5://127.0.0.1:1"},
		"tls.caFile":          {TLS: outbound.TLSConfig{CAFile: filepath.Join(t.TempDir(), "none.pem")}},
		"tls.certFile":        {TLS: outbound.TLSConfig{CertFile: "only.pem"}},
	}
	for key, config := range cases {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			_, err := outbound.New("demo", config, outbound.Deps{})
			if err == nil || !strings.HasPrefix(err.Error(), "http: "+key+": ") {
				t.Errorf("got %v, want it to name %s", err, key)
			}
		})
	}
}

func TestConfiguredAuthorityIsTrusted(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(status(200)))
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	client := open(t, outbound.Config{TLS: outbound.TLSConfig{CAFile: file}}, outbound.Deps{})
	if _, err := client.Do(t.Context(), outbound.Request{URL: server.URL}); err != nil {
		t.Error(err)
	}
}

// The proxy sees the whole address, and is itself judged by the allow-list.
func TestProxyOnlyIfConfigured(t *testing.T) {
	t.Parallel()
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.RequestURI)) })
	client := open(t, outbound.Config{Proxy: proxy}, outbound.Deps{})
	response, err := client.Do(t.Context(), outbound.Request{URL: "http://platform.invalid/x"})
	if err != nil || string(response.Body) != "http://platform.invalid/x" {
		t.Errorf("the proxy got %q, %v", response.Body, err)
	}
}
