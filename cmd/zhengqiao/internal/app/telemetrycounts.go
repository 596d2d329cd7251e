package app

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/policies"
)

// telemetryCounts are the counts that belong to no part of the path alone.
type telemetryCounts struct {
	recordFailures prometheus.Counter
	spans          *prometheus.CounterVec
}

func newTelemetryCounts(registry prometheus.Registerer) (*telemetryCounts, error) {
	c := &telemetryCounts{
		recordFailures: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "zhengqiao_record_failures_total", Help: "Records that could not be made durable, so that nothing was answered or told.",
		}),
		spans: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_trace_spans_total", Help: "Spans that ended, and those of them that were exported or lost.",
		}, []string{"outcome"}),
	}
	return c, errors.Join(registry.Register(c.recordFailures), registry.Register(c.spans))
}

// exported counts what went to the collector, and logs when that begins to fail and when it is over, not each time.
func (c *telemetryCounts) exported(logger *slog.Logger) func(int, error) {
	var failing atomic.Bool
	return func(spans int, failure error) {
		if failure == nil {
			c.spans.WithLabelValues("exported").Add(float64(spans))
			if failing.Swap(false) {
				logger.Info("the collector takes traces again")
			}
			return
		}
		c.spans.WithLabelValues("lost").Add(float64(spans))
		if !failing.Swap(true) {
			logger.Warn("the collector takes no traces; they are dropped", "error", failure)
		}
	}
}

// counted counts the records that can't be kept. An overloaded journal is none of them: nothing was lost, the caller comes again.
func (a *App) counted(next exchange.Recorder) exchange.Recorder {
	return countedRecorder{next, a.recordFailures}
}

type countedRecorder struct {
	exchange.Recorder
	failures prometheus.Counter
}

// Record implements [exchange.Recorder].
func (r countedRecorder) Record(ctx context.Context, record *exchange.Record) (exchange.Receipt, error) {
	receipt, err := r.Recorder.Record(ctx, record)
	if err != nil && exchange.CodeOf(err) != exchange.Overloaded {
		r.failures.Inc()
	}
	return receipt, err
}

// showIdentity shows which program and which policies are in force, and what the journal takes.
func (a *App) showIdentity() error {
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "zhengqiao_build_info", Help: "1, with the version and the commit of the program and the Go that built it.",
	}, []string{"version", "commit", "go"})
	build.WithLabelValues(buildLabels()...).Set(1)
	return errors.Join(a.registry.Register(build), a.registry.Register(newIdentity(a.policies, a.journal)))
}

// identity is collected when somebody scrapes.
type identity struct {
	policies              *policies.Engine
	journal               *journal.Journal
	revision, used, limit *prometheus.Desc
}

func newIdentity(engine *policies.Engine, j *journal.Journal) *identity {
	return &identity{
		policies: engine, journal: j,
		revision: prometheus.NewDesc("zhengqiao_policy_revision_info",
			"1, with the revision of the policies in force: all nodes should show the same.", []string{"revision"}, nil),
		used:  prometheus.NewDesc("zhengqiao_journal_used_bytes", "What the journal takes on disk.", nil, nil),
		limit: prometheus.NewDesc("zhengqiao_journal_limit_bytes", "What it may take before a record is refused.", nil, nil),
	}
}

// Describe implements [prometheus.Collector].
func (i *identity) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{i.revision, i.used, i.limit} {
		to <- desc
	}
}

// usageTime bounds the question to the journal: a scrape must not wait for a disk that hangs. What is not known is absent.
const usageTime = 500 * time.Millisecond

// Collect implements [prometheus.Collector].
func (i *identity) Collect(to chan<- prometheus.Metric) {
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	gauge(i.revision, 1, i.policies.Revision())
	ctx, cancel := context.WithTimeout(context.Background(), usageTime)
	defer cancel()
	usage, err := i.journal.Usage(ctx)
	if err != nil {
		return
	}
	gauge(i.used, float64(usage.Used))
	if usage.Limit > 0 {
		gauge(i.limit, float64(usage.Limit))
	}
}

// buildLabels are version, commit and Go version, as far as the build left them in the program.
func buildLabels() []string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return []string{"unknown", "unknown", "unknown"}
	}
	commit := "unknown"
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			commit = setting.Value
		}
	}
	return []string{info.Main.Version, commit, info.GoVersion}
}

func buildVersion() string { return buildLabels()[0] }
