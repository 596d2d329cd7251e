package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/telemetry"
)

// calls counts what goes out to each destination, retries included; it is an [outbound.Observer].
type calls struct {
	total    *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newCalls(registry prometheus.Registerer) (*calls, error) {
	c := &calls{
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_outbound_calls_total", Help: "Calls to a platform by outcome: ok or the code of the failure.",
		}, []string{"destination", "outcome"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "zhengqiao_outbound_duration_seconds", Help: "Time of a call with all its attempts.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3, 5},
		}, []string{"destination"}),
	}
	if err := registry.Register(c.total); err != nil {
		return nil, err
	}
	return c, registry.Register(c.duration)
}

// Observe counts one call, with the trace it belongs to as exemplar if there is one.
func (c *calls) Observe(ctx context.Context, destination string, outcome exchange.Code, took time.Duration) {
	label := string(outcome)
	if label == "" {
		label = "ok"
	}
	c.total.WithLabelValues(destination, label).Inc()
	duration := c.duration.WithLabelValues(destination)
	if showing, can := duration.(prometheus.ExemplarObserver); can {
		if trace := telemetry.TraceID(ctx); trace != "" {
			showing.ObserveWithExemplar(took.Seconds(), prometheus.Labels{"trace_id": trace})
			return
		}
	}
	duration.Observe(took.Seconds())
}
