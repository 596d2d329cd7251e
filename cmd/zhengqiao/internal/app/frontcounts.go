package app

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhengqiao/zhengqiao/changefeed/batch"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// frontCounts counts the work on front-end databases; it is a [batch.Observer].
type frontCounts struct {
	size *prometheus.HistogramVec
	rows *prometheus.CounterVec
	work *prometheus.CounterVec
	tell func(platform string, failure exchange.Code) // a work that ended
}

func newFrontCounts(registry prometheus.Registerer) (*frontCounts, error) {
	c := &frontCounts{
		size: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "zhengqiao_frontdb_batch_rows", Help: "Rows of a batch that was committed, refused ones included.", Buckets: []float64{1, 10, 100, 1000, 10_000, 100_000},
		}, []string{"platform"}),
		rows: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_frontdb_rows_total",
			Help: "Rows by outcome. Out: written, known (it was there), unfit (we refused it), refused (the other side did), stray. In: reported, rejected, broken.",
		}, []string{"platform", "outcome"}),
		work: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_frontdb_work_total", Help: "Works done (telling, reading, readback) by outcome: ok or the code of the failure.",
		}, []string{"platform", "work", "outcome"}),
	}
	return c, errors.Join(registry.Register(c.size), registry.Register(c.rows), registry.Register(c.work))
}

// Batch counts a batch.
func (c *frontCounts) Batch(platform string, w batch.Written) {
	c.size.WithLabelValues(platform).Observe(float64(w.Rows + w.Known + len(w.Refused)))
	c.Rows(platform, "written", w.Rows)
	c.Rows(platform, "known", w.Known)
	c.Rows(platform, "unfit", len(w.Refused))
}

// Rows counts rows.
func (c *frontCounts) Rows(platform, outcome string, count int) {
	c.rows.WithLabelValues(platform, outcome).Add(float64(count))
}

// Work counts a work that ended.
func (c *frontCounts) Work(platform string, work batch.Work, failure exchange.Code) {
	c.tell(platform, failure)
	outcome := string(failure)
	if outcome == "" {
		outcome = "ok"
	}
	c.work.WithLabelValues(platform, string(work), outcome).Inc()
}

// told shows up to when a platform was told of everything.
func (c *frontCounts) told(registry prometheus.Registerer, platform string, driver *batch.Driver) error {
	return registry.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "zhengqiao_frontdb_last_batch_timestamp_seconds", ConstLabels: prometheus.Labels{"platform": platform},
		Help: "When the last batches were made that left nothing untold, in all parts; 0: not yet.",
	}, func() float64 {
		if at := driver.Told(); !at.IsZero() {
			return float64(at.UnixMilli()) / 1000
		}
		return 0
	}))
}
