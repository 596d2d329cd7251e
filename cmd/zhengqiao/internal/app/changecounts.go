package app

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
)

// changeCounts counts what comes in and goes out of the synchronisation.
type changeCounts struct {
	reports    *prometheus.CounterVec
	deliveries *prometheus.CounterVec
	switchOffs *prometheus.CounterVec
}

func newChangeCounts(registry prometheus.Registerer) (*changeCounts, error) {
	c := &changeCounts{
		reports: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_changes_reports_total", Help: "Reports of changes by outcome (accepted, stale, ... or a problem code).",
		}, []string{"outcome"}),
		deliveries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_changes_deliveries_total", Help: "Changes by receiving platform and outcome (delivered, parked, ... or a problem code).",
		}, []string{"platform", "outcome"}),
		switchOffs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_changes_switched_off_total", Help: "Times that the gateway switched off a receiving platform by itself.",
		}, []string{"platform"}),
	}
	return c, errors.Join(registry.Register(c.reports), registry.Register(c.deliveries), registry.Register(c.switchOffs))
}

func (c *changeCounts) report(outcome string) { c.reports.WithLabelValues(outcome).Inc() }

func (c *changeCounts) delivery(platform, outcome string) {
	c.deliveries.WithLabelValues(platform, outcome).Inc()
}

func (c *changeCounts) switchedOff(platform, _ string) { c.switchOffs.WithLabelValues(platform).Inc() }
