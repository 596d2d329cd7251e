package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhengqiao/zhengqiao/breakglass"
	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/internal/journal"
)

// breakGlassState is the journal's state that holds the openings, for all gateways that share it.
const breakGlassState = "breakglass"

// openBreakGlass makes the desk for operators' emergency access. Each generation asks through a broker of its own.
func (a *App) openBreakGlass(ctx context.Context) error {
	marks, err := a.journal.State(ctx, journal.StateConfig{Name: breakGlassState})
	if err != nil {
		return err
	}
	events, err := newBreakGlassCounts(a.registry)
	if err != nil {
		return err
	}
	a.breakGlass = breakglass.NewDesk(breakglass.Config{
		Judge: a.policies, Marks: marks, Recorder: a.broker.Recorder, Pseudonyms: a.broker.Pseudonyms, Broker: a.broker,
		Digest: evidence.DigestHex, Clock: time.Now, Observe: func(event breakglass.Event) { events.WithLabelValues(string(event)).Inc() },
	})
	return nil
}

// newBreakGlassCounts counts what becomes of emergency access, each event from 0 on: an alarm on the first must not miss it for want of a
// value before.
func newBreakGlassCounts(registry prometheus.Registerer) (*prometheus.CounterVec, error) {
	events := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "zhengqiao_breakglass_events_total", Help: "What became of operators' emergency access to single persons' records.",
	}, []string{"event"})
	for _, event := range breakglass.Events() {
		events.WithLabelValues(string(event))
	}
	return events, registry.Register(events)
}
