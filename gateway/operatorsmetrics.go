package gateway

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/reconcile"
)

// ChangeStatus knows where the receiving platforms stand; [repair.Desk] is one.
type ChangeStatus interface {
	Status(context.Context) ([]changefeed.Status, error)
	Report(platform string) *reconcile.Report
}

// changeMetrics are collected when somebody scrapes. Their only labels are the configured platforms and the kinds of divergence.
type changeMetrics struct {
	source ChangeStatus
	clock  func() time.Time
	logger *slog.Logger

	lag, pending, parked, divergence, oldest *prometheus.Desc

	mu   sync.Mutex
	at   time.Time // of what is kept
	kept []changefeed.Status
}

const (
	// statusKept is for how long a status serves: it reads every parked delivery.
	statusKept = 5 * time.Second
	// statusTime bounds one status, below what a scrape may take.
	statusTime = time.Second
)

// RegisterChangeMetrics adds lag, backlog, parked deliveries and divergence of each receiving platform to the metrics. A platform that
// was never compared has no divergence, which is not the same as none; while the status can't be read the others are absent too.
func RegisterChangeMetrics(registry prometheus.Registerer, source ChangeStatus, clock func() time.Time, logger *slog.Logger) error {
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("zhengqiao_changes_"+name, help, append([]string{"platform"}, labels...), nil)
	}
	return registry.Register(&changeMetrics{
		source: source, clock: clock, logger: logger,
		lag:        describe("lag_seconds", "How long the oldest change has waited that the platform was not offered yet."),
		pending:    describe("pending", "Entries that the platform was not offered yet; not each is one to be told."),
		parked:     describe("parked", "Deliveries that wait for an operator."),
		divergence: describe("divergence", "Licences of which the platform holds something else than it should, by the last comparison.", "kind"),
		oldest:     describe("divergence_oldest_seconds", "How long the platform has held something wrong, by the last comparison."),
	})
}

// Describe implements [prometheus.Collector].
func (m *changeMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{m.lag, m.pending, m.parked, m.divergence, m.oldest} {
		to <- desc
	}
}

// Collect implements [prometheus.Collector].
func (m *changeMetrics) Collect(to chan<- prometheus.Metric) {
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	for _, status := range m.status() {
		gauge(m.lag, status.Lag.Seconds(), status.Platform)
		gauge(m.pending, float64(status.Entries), status.Platform)
		gauge(m.parked, float64(status.Parked), status.Platform)
		report := m.source.Report(status.Platform)
		if report == nil {
			continue
		}
		for _, kind := range reconcile.Kinds() {
			gauge(m.divergence, float64(report.Findings[kind].Count), status.Platform, string(kind))
		}
		gauge(m.oldest, m.age(report.Oldest()), status.Platform)
	}
}

// age is in seconds; the zero time has none.
func (m *changeMetrics) age(since time.Time) float64 {
	if since.IsZero() {
		return 0
	}
	return max(0, m.clock().Sub(since).Seconds())
}

// status gives the status as of a few seconds ago at most; nothing if it can't be read.
func (m *changeMetrics) status() []changefeed.Status {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.clock()
	if age := now.Sub(m.at); !m.at.IsZero() && age >= 0 && age < statusKept {
		return m.kept
	}
	ctx, cancel := context.WithTimeout(context.Background(), statusTime)
	defer cancel()
	all, err := m.source.Status(ctx)
	if err != nil {
		all = nil
		m.logger.WarnContext(ctx, "status of the changes for the metrics", slog.Any("error", err))
	}
	m.kept, m.at = all, now
	return all
}
