package app

import (
	"errors"
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

// reloadCounts tell what is in force and whether the last reload was refused.
type reloadCounts struct {
	failed   prometheus.Gauge
	total    *prometheus.CounterVec
	revision *prometheus.GaugeVec
	restart  prometheus.Gauge
}

func newReloadCounts(registry prometheus.Registerer) (*reloadCounts, error) {
	c := &reloadCounts{
		failed: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "zhengqiao_reload_failed", Help: "1 while the last reload was refused, so that what is in force is not what the file says.",
		}),
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_reloads_total", Help: "Reloads by outcome: done or refused.",
		}, []string{"outcome"}),
		revision: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "zhengqiao_config_revision_info", Help: "1 for the revision of the configuration that is in force.",
		}, []string{"revision"}),
		restart: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "zhengqiao_restart_needed", Help: "1 while the configuration of the last reload says something that comes into force with a restart only.",
		}),
	}
	return c, errors.Join(registry.Register(c.failed), registry.Register(c.total), registry.Register(c.revision), registry.Register(c.restart))
}

func (c *reloadCounts) inForce(revision string) {
	c.revision.Reset()
	c.revision.WithLabelValues(revision).Set(1)
}

// waiting is told of a reload's changes, among which is all that waits for a restart.
func (c *reloadCounts) waiting(changes []config.Change) {
	c.restart.Set(0)
	if slices.ContainsFunc(changes, func(change config.Change) bool { return change.Restart }) {
		c.restart.Set(1)
	}
}

func (c *reloadCounts) done(err error) {
	if err != nil {
		c.failed.Set(1)
		c.total.WithLabelValues("refused").Inc()
		return
	}
	c.failed.Set(0)
	c.total.WithLabelValues("done").Inc()
}
