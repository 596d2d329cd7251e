package gateway

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// waits measures how long requests stood in line.
type waits struct{ seconds *prometheus.HistogramVec }

func newWaits() *waits {
	return &waits{prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "zhengqiao_queue_wait_seconds", Help: "Time that requests which found no place stood in their platform's line before they got one.",
		Buckets: []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3},
	}, []string{"class"})}
}

func (w *waits) observer(class Class) func(time.Duration) {
	histogram := w.seconds.WithLabelValues(string(class))
	return func(waited time.Duration) { histogram.Observe(waited.Seconds()) }
}

func quotaDescription(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("zhengqiao_quota_"+name, help, append([]string{"platform", "class"}, labels...), nil)
}

// quotaDescriptions are of requests at work, in line and refused. Their labels are configured platforms, the three classes and the three
// reasons.
func quotaDescriptions() (atWork, inLine, refused *prometheus.Desc) {
	return quotaDescription("in_flight", "Requests of the platform that are worked on."),
		quotaDescription("waiting", "Requests of the platform that stand in its line."),
		quotaDescription("refusals_total", "Requests that were refused: over the rate, over the share at once, or because all places were taken.", "reason")
}

// Describe implements [prometheus.Collector].
func (q *Quotas) Describe(into chan<- *prometheus.Desc) {
	q.waits.seconds.Describe(into)
	atWork, inLine, refused := quotaDescriptions()
	into <- atWork
	into <- inLine
	into <- refused
}

// Collect implements [prometheus.Collector].
func (q *Quotas) Collect(into chan<- prometheus.Metric) {
	q.waits.seconds.Collect(into)
	for _, f := range q.classes {
		f.collect(into)
	}
}

func (f *fair) collect(into chan<- prometheus.Metric) {
	f.mu.Lock()
	defer f.mu.Unlock()
	atWork, inLine, refused := quotaDescriptions()
	for platform, t := range f.tenants {
		labels := []string{platform, string(f.class)}
		into <- prometheus.MustNewConstMetric(atWork, prometheus.GaugeValue, float64(t.atWork), labels...)
		into <- prometheus.MustNewConstMetric(inLine, prometheus.GaugeValue, float64(len(t.line)), labels...)
		for reason := range refusals {
			into <- prometheus.MustNewConstMetric(refused, prometheus.CounterValue, float64(t.refused[reason]), append(labels, reason.String())...)
		}
	}
}
