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

// ChangeMetrics are collected when somebody scrapes. Their only labels are the configured platforms and the kinds of divergence.
type ChangeMetrics struct {
	source ChangeStatus
	clock  func() time.Time
	logger *slog.Logger

	lag, pending, aside, parked, off, success, divergence, oldest *prometheus.Desc

	wanted chan struct{} // holds a token while a new status is wanted

	mu    sync.Mutex
	at    time.Time // of what is kept
	kept  []changefeed.Status
	fresh chan struct{} // closed and renewed with each new status
}

const (
	// statusKept is for how long a status serves: it asks for every cursor and reads every parked delivery.
	statusKept = 5 * time.Second
	// statusStale is for how long it may stand in for one that is not ready in time.
	statusStale = time.Minute
	// statusWait is how long a scrape waits for a new one: a slow disk must not cost the other metrics.
	statusWait = 500 * time.Millisecond
	// statusTime bounds the making of one.
	statusTime = 20 * time.Second
)

// NewChangeMetrics adds lag, backlog, parked deliveries and divergence of each receiving platform to the metrics; [ChangeMetrics.Run]
// must run for it. A platform that was never compared has no divergence, which is not the same as none; while the status can't be read
// the others are absent too.
func NewChangeMetrics(registry prometheus.Registerer, source ChangeStatus, clock func() time.Time, logger *slog.Logger) (*ChangeMetrics, error) {
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("zhengqiao_changes_"+name, help, append([]string{"platform"}, labels...), nil)
	}
	m := &ChangeMetrics{
		source: source, clock: clock, logger: logger, wanted: make(chan struct{}, 1), fresh: make(chan struct{}),
		lag:        describe("lag_seconds", "How long the oldest change has waited that the platform was not offered yet."),
		pending:    describe("pending", "Entries that the platform was not offered yet; not each is one to be told."),
		aside:      describe("aside", "Licences that the platform does not take though it takes others; they are tried apart."),
		parked:     describe("parked", "Deliveries that wait for an operator."),
		off:        describe("endpoint_off", "1 while deliveries to the platform are switched off, else 0."),
		success:    describe("last_success_timestamp_seconds", "When the platform took a notice last, to within a minute; 0: never."),
		divergence: describe("divergence", "Licences of which the platform holds something else than it should, by the last comparison.", "kind"),
		oldest:     describe("divergence_oldest_seconds", "How long the platform has held something wrong, by the last comparison."),
	}
	return m, registry.Register(m)
}

// Run makes a new status whenever a scrape wants one, until ctx ends.
func (m *ChangeMetrics) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-m.wanted:
			m.refresh(ctx)
		}
	}
}

func (m *ChangeMetrics) refresh(ctx context.Context) {
	within, cancel := context.WithTimeout(ctx, statusTime)
	defer cancel()
	now := m.clock()
	all, err := m.source.Status(within)
	if err != nil {
		if ctx.Err() == nil {
			m.logger.WarnContext(ctx, "status of the changes for the metrics", slog.Any("error", err))
		}
		all = nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept, m.at = all, now
	close(m.fresh)
	m.fresh = make(chan struct{})
}

// Describe implements [prometheus.Collector].
func (m *ChangeMetrics) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{m.lag, m.pending, m.aside, m.parked, m.off, m.success, m.divergence, m.oldest} {
		to <- desc
	}
}

// Collect implements [prometheus.Collector].
func (m *ChangeMetrics) Collect(to chan<- prometheus.Metric) {
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	for _, status := range m.status() {
		gauge(m.lag, status.Lag.Seconds(), status.Platform)
		gauge(m.pending, float64(status.Entries), status.Platform)
		gauge(m.aside, float64(status.Aside), status.Platform)
		gauge(m.parked, float64(status.Parked), status.Platform)
		gauge(m.off, truth(status.Health.Off), status.Platform)
		gauge(m.success, unix(status.Health.LastSuccess), status.Platform)
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

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// unix is in seconds; 0 for the zero time.
func unix(at time.Time) float64 {
	if at.IsZero() {
		return 0
	}
	return float64(at.UnixMilli()) / 1000
}

// age is in seconds; the zero time has none.
func (m *ChangeMetrics) age(since time.Time) float64 {
	if since.IsZero() {
		return 0
	}
	return max(0, m.clock().Sub(since).Seconds())
}

// status gives the status as of a few seconds ago, or a little older if a new one takes long; nothing if there is none.
func (m *ChangeMetrics) status() []changefeed.Status {
	kept, age, fresh := m.known()
	if age < statusKept {
		return kept
	}
	select {
	case m.wanted <- struct{}{}:
	default: // it is on its way
	}
	wait := time.NewTimer(statusWait)
	defer wait.Stop()
	select {
	case <-fresh:
	case <-wait.C:
	}
	if kept, age, _ = m.known(); age < statusStale {
		return kept
	}
	return nil
}

// known gives what is kept with its age, and a channel that closes when there is something newer.
func (m *ChangeMetrics) known() ([]changefeed.Status, time.Duration, <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	age := m.clock().Sub(m.at)
	if age < 0 { // the clock was turned back
		age = statusStale
	}
	return m.kept, age, m.fresh
}
