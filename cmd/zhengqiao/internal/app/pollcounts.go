package app

import (
	"cmp"
	"errors"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// pollCounts tells what polling does; it is a [poll.Observer].
type pollCounts struct {
	questions *prometheus.CounterVec
	rows      *prometheus.CounterVec
	reports   *prometheus.CounterVec

	tell    func(source, mode string, moment time.Time) // what is covered
	mu      sync.Mutex
	covered map[pollID]time.Time
}

type pollID struct{ source, mode string }

func newPollCounts(registry prometheus.Registerer, polls []config.Poll, started time.Time) (*pollCounts, error) {
	c := &pollCounts{
		questions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_poll_questions_total", Help: "Questions of polls by source, mode and outcome (answered or a problem code).",
		}, []string{"source", "mode", "outcome"}),
		rows: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_poll_rows_total", Help: "Rows or licences that polls read.",
		}, []string{"source", "mode"}),
		reports: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_poll_reports_total", Help: "What became of polled rows or licences (same, broken, an outcome of a report, a problem code).",
		}, []string{"source", "mode", "outcome"}),
		covered: map[pollID]time.Time{},
	}
	err := errors.Join(registry.Register(c.questions), registry.Register(c.rows), registry.Register(c.reports))
	for _, configured := range polls {
		id := pollID{configured.Source, configured.Mode}
		err = errors.Join(err, registry.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "zhengqiao_poll_lag_seconds", Help: "Age of the moment up to which everything that the source had is known.",
			ConstLabels: prometheus.Labels{"source": id.source, "mode": id.mode},
		}, func() float64 { return time.Since(c.since(id, started)).Seconds() })))
	}
	return c, err
}

// since gives the moment that the lag counts from; the start, while nothing is covered.
func (c *pollCounts) since(id pollID, started time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if moment, known := c.covered[id]; known {
		return moment
	}
	return started
}

// Asked implements [poll.Observer].
func (c *pollCounts) Asked(source, mode string, failure exchange.Code, rows int) {
	c.questions.WithLabelValues(source, mode, cmp.Or(string(failure), exchange.Answered)).Inc()
	c.rows.WithLabelValues(source, mode).Add(float64(rows))
}

// Reported implements [poll.Observer].
func (c *pollCounts) Reported(source, mode, outcome string) {
	c.reports.WithLabelValues(source, mode, outcome).Inc()
}

// Covered implements [poll.Observer].
func (c *pollCounts) Covered(source, mode string, moment time.Time) {
	c.tell(source, mode, moment)
	c.mu.Lock()
	defer c.mu.Unlock()
	if id := (pollID{source, mode}); moment.After(c.covered[id]) {
		c.covered[id] = moment
	}
}
