package gateway_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
)

// metrics gives what an operator's scrape sees.
func (r *rig) metrics(t tb) string {
	t.Helper()
	recorder := httptest.NewRecorder()
	gateway.Ops(r.registry).ServeHTTP(recorder, httptest.NewRequest("GET", "/metrics", nil))
	return recorder.Body.String()
}

func TestRequestsAndAttemptsAreCounted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json")))
	r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", []byte("{")))
	r.send(t, r.sign(t, "stranger", "POST", "/v1/licences/query", testdata(t, "licence.json")))
	r.send(t, r.sign(t, "suishenban", "GET", "/nowhere/"+idGood[:17], nil))
	r.gateway.Metrics().Attempt(t.Context(), exchange.Attempt{Source: "tmri-sh", Outcome: "source-down", Duration: 1500})
	text := r.metrics(t)
	for _, want := range []string{
		`zhengqiao_requests_total{operation="queryLicence",outcome="answered",platform="suishenban"} 1`,
		`zhengqiao_requests_total{operation="queryLicence",outcome="malformed-json",platform="suishenban"} 1`,
		`zhengqiao_requests_total{operation="queryLicence",outcome="unknown-platform",platform=""} 1`,
		`zhengqiao_requests_total{operation="none",outcome="not-found",platform=""} 1`,
		"zhengqiao_receipts_total 2", "zhengqiao_requests_in_flight 0",
		`zhengqiao_source_attempts_total{outcome="source-down",source="tmri-sh"} 1`,
		`zhengqiao_source_duration_seconds_sum{source="tmri-sh"} 0.0015`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	r.checkQuiet(t)
}
