package app

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/watch"
	"github.com/zhengqiao/zhengqiao/watch/canary"
)

// sightCounts are the metrics of the lights and canaries. Their labels are the configuration's adapters and what it names of them.
type sightCounts struct {
	overview func() watch.Overview
	own      time.Time // when the listener's certificate ends; zero without one

	light, budget, expiry *prometheus.Desc
	questions             *prometheus.CounterVec
	answer                *prometheus.HistogramVec
	changes               *prometheus.CounterVec
	delivery              *prometheus.HistogramVec
}

func newSightCounts(registry prometheus.Registerer, overview func() watch.Overview, c *config.Config) (*sightCounts, error) {
	s := &sightCounts{
		overview: overview,
		light:    prometheus.NewDesc("zhengqiao_light", "Light of an adapter: 0 grey (nothing observed), 1 green, 2 yellow, 3 red.", []string{"adapter", "light"}, nil),
		budget:   prometheus.NewDesc("zhengqiao_error_budget_left", "Part of the 30 days' error budget that is left: 1 untouched, 0 used up, below 0 overdrawn.", []string{"adapter"}, nil),
		expiry: prometheus.NewDesc("zhengqiao_certificate_expiry_timestamp_seconds",
			"When a certificate, key or credential ends; adapter gateway is the listener's own.", []string{"adapter", "what"}, nil),
		questions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_canary_questions_total", Help: "Canary questions by outcome: right, wrong, stale or failed.",
		}, []string{"source", "outcome"}),
		answer: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "zhengqiao_canary_answer_seconds", Help: "Time of a canary's question.", Buckets: []float64{.005, .025, .1, .25, .5, 1, 3},
		}, []string{"source"}),
		changes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_canary_changes_total", Help: "Canary changes by receiver and outcome: arrived (in time) or late.",
		}, []string{"receiver", "outcome"}),
		delivery: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "zhengqiao_canary_delivery_seconds", Help: "Time from accepting a canary's change to the receiver's having it.",
			Buckets: []float64{.01, .05, .1, .5, 1, 5, 20},
		}, []string{"receiver"}),
	}
	loaded, err := openTLS(c)
	if loaded != nil && loaded.Certificates[0].Leaf != nil {
		s.own = loaded.Certificates[0].Leaf.NotAfter
	}
	for _, collector := range []prometheus.Collector{s, s.questions, s.answer, s.changes, s.delivery} {
		err = errors.Join(err, registry.Register(collector))
	}
	return s, err
}

// Describe implements [prometheus.Collector].
func (s *sightCounts) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{s.light, s.budget, s.expiry} {
		to <- desc
	}
}

// Collect implements [prometheus.Collector].
func (s *sightCounts) Collect(to chan<- prometheus.Metric) {
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	for _, adapter := range s.overview().Adapters {
		for _, light := range adapter.Lights {
			gauge(s.light, numberOf(light.Colour), adapter.ID, string(light.Name))
		}
		gauge(s.budget, adapter.BudgetLeft, adapter.ID)
		for _, expiry := range adapter.Expiries {
			gauge(s.expiry, float64(expiry.At.Unix()), adapter.ID, expiry.What)
		}
	}
	if !s.own.IsZero() {
		gauge(s.expiry, float64(s.own.Unix()), "gateway", "tls-certificate")
	}
}

// numberOf gives a colour as a number that grows with the need to act.
func numberOf(colour watch.Colour) float64 {
	return map[watch.Colour]float64{watch.Grey: 0, watch.Green: 1, watch.Yellow: 2, watch.Red: 3}[colour]
}

func (s *sightCounts) asked(source string, outcome canary.Outcome, took time.Duration) {
	s.questions.WithLabelValues(source, string(outcome)).Inc()
	s.answer.WithLabelValues(source).Observe(took.Seconds())
}

func (s *sightCounts) arrived(receiver string, took time.Duration, inTime bool) {
	outcome := "late"
	if inTime {
		outcome = "arrived"
		s.delivery.WithLabelValues(receiver).Observe(took.Seconds())
	}
	s.changes.WithLabelValues(receiver, outcome).Inc()
}
