package gateway

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Check is one thing that must work for the node to take requests.
type Check struct {
	Name string // shown to the operator, such as journal
	Test func(context.Context) error
}

// probeTime bounds one readiness probe with all its checks.
const probeTime = 2 * time.Second

// Ops is the handler of the operator's listener: /healthz says that the process lives, /readyz that every check passes,
// /metrics what was counted, in OpenMetrics with exemplars for whoever asks for that. Whoever reaches it may read all of it, so that it must
// not be reachable from outside; it holds no personal data all the same.
func Ops(gatherer prometheus.Gatherer, checks ...Check) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		status, text := probe(r.Context(), checks)
		say(w, status, text)
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(gatherer, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: probeTime, EnableOpenMetrics: true}))
	return mux
}

// probe names the checks that fail and leaves out why: a load balancer needs no more, and the log has the error.
func probe(ctx context.Context, checks []Check) (status int, text string) {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	status = http.StatusOK
	for _, check := range checks {
		outcome := "ok"
		if err := check.Test(ctx); err != nil {
			status, outcome = http.StatusServiceUnavailable, "failed"
		}
		text += check.Name + " " + outcome + "\n"
	}
	return status, text
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // the prober hung up: nobody is left to tell
}
