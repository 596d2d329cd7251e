package gateway

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// Metrics counts what goes on. Every label has a bounded set of values: operations of the contract, registered platforms,
// codes of the catalogue, configured sources; what a caller writes never becomes a label.
type Metrics struct {
	requests *prometheus.CounterVec   // operation, platform, outcome
	duration *prometheus.HistogramVec // operation
	inFlight prometheus.Gauge
	records  prometheus.Counter
	attempts *prometheus.CounterVec   // source, outcome
	asking   *prometheus.HistogramVec // source
	traceOf  func(context.Context) string
}

// NewMetrics makes the counters and gives them to the registry. A gateway that takes another's place goes on with its counters, see
// [Deps].
func NewMetrics(registry prometheus.Registerer) (*Metrics, error) {
	// From the gateway's own share to the budget of a query, in seconds.
	buckets := []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3, 5}
	m := &Metrics{
		traceOf: func(context.Context) string { return "" },
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_requests_total", Help: "Requests by operation, platform and outcome (answered or a problem code).",
		}, []string{"operation", "platform", "outcome"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "zhengqiao_request_duration_seconds", Help: "Time from a request's header to its answer.", Buckets: buckets,
		}, []string{"operation"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "zhengqiao_requests_in_flight", Help: "Requests that have no answer yet.",
		}),
		records: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "zhengqiao_receipts_total", Help: "Answers and problems that went out with the receipt of a durable record.",
		}),
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_source_attempts_total", Help: "Questions to sources by outcome (answered or a problem code).",
		}, []string{"source", "outcome"}),
		asking: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "zhengqiao_source_duration_seconds", Help: "Time that a source took.", Buckets: buckets,
		}, []string{"source"}),
	}
	return m, m.register(registry)
}

func (m *Metrics) register(registry prometheus.Registerer) error {
	for _, collector := range []prometheus.Collector{m.requests, m.duration, m.inFlight, m.records, m.attempts, m.asking} {
		if err := registry.Register(collector); err != nil {
			return err
		}
	}
	return nil
}

// Attempt counts one question to a source; it fits [exchange.Broker]'s Observe.
func (m *Metrics) Attempt(ctx context.Context, attempt exchange.Attempt) {
	m.attempts.WithLabelValues(attempt.Source, attempt.Outcome).Inc()
	took := time.Duration(attempt.Duration) * time.Microsecond
	m.observe(m.asking.WithLabelValues(attempt.Source), took, m.traceOf(ctx))
}

// ShowTraces lets durations carry an exemplar: the id that traceOf finds in a context, of a trace that is kept. It must be called before
// the first request.
func (m *Metrics) ShowTraces(traceOf func(context.Context) string) { m.traceOf = traceOf }

// observe counts a duration, with the trace it belongs to as exemplar if there is one.
func (m *Metrics) observe(histogram prometheus.Observer, took time.Duration, trace string) {
	if showing, can := histogram.(prometheus.ExemplarObserver); can && trace != "" {
		showing.ObserveWithExemplar(took.Seconds(), prometheus.Labels{"trace_id": trace})
		return
	}
	histogram.Observe(took.Seconds())
}

func (m *Metrics) begin() { m.inFlight.Inc() }

// end counts a finished request. A caller that did not prove who it is counts as no platform.
func (m *Metrics) end(v *visit, elapsed time.Duration) {
	m.inFlight.Dec()
	operation := v.operation
	if operation == "" {
		operation = "none"
	}
	m.requests.WithLabelValues(operation, v.platform.ID, v.outcome).Inc()
	m.observe(m.duration.WithLabelValues(operation), elapsed, v.trail.trace)
	if v.receipt != nil {
		m.records.Inc()
	}
}
