package app

import (
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/impact"
	"github.com/zhengqiao/zhengqiao/policies/shadow"
)

// shadowed is a candidate that is asked beside the policies in force.
type shadowed struct {
	*shadow.Shadow
	candidate *policies.Engine
}

// openShadow loads the configured candidate; nil: there is none.
func (a *App) openShadow(active exchange.Decider) (*shadowed, error) {
	from := a.config.Policies.Shadow
	if from.Dir == "" {
		return nil, nil
	}
	if err := policyFolder(from.Dir); err != nil {
		return nil, a.config.At("$.policies.shadow.dir", err)
	}
	candidate, err := policies.New(os.DirFS(from.Dir), policies.Options{NewHash: smcrypto.NewSM3, Timeout: a.config.Limits.Decision})
	if err != nil {
		return nil, a.config.At("$.policies.shadow.dir", err)
	}
	counts, err := newShadowCounts(a.registry)
	if err != nil {
		return nil, err
	}
	return &shadowed{candidate: candidate, Shadow: shadow.New(shadow.Config{
		Active: active, Candidate: candidate, MaxCPU: from.MaxCPU, Clock: time.Now, Observe: counts.observe,
	})}, nil
}

// reload reads the candidate anew. What was found stays as long as it is the same one.
func (s *shadowed) reload(c *config.Config) error {
	before := s.candidate.Revision()
	if err := s.candidate.Reload(os.DirFS(c.Policies.Shadow.Dir)); err != nil {
		return err
	}
	if s.candidate.Revision() != before {
		s.Reset()
	}
	return nil
}

// shadowCounts counts what the candidate was asked.
type shadowCounts struct {
	outcomes *prometheus.CounterVec
	kinds    *prometheus.CounterVec
}

func newShadowCounts(registry prometheus.Registerer) (*shadowCounts, error) {
	c := &shadowCounts{
		outcomes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_policy_shadow_requests_total", Help: "Requests beside which the candidate in the shadow was, or was not, asked.",
		}, []string{"outcome"}),
		kinds: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhengqiao_policy_shadow_differences_total", Help: "Requests that the candidate in the shadow decides otherwise.",
		}, []string{"kind"}),
	}
	for _, outcome := range []shadow.Outcome{shadow.Same, shadow.Changed, shadow.Failed, shadow.Skipped, shadow.Dropped} {
		c.outcomes.WithLabelValues(string(outcome))
	}
	for _, kind := range impact.Kinds() {
		c.kinds.WithLabelValues(string(kind))
	}
	if err := registry.Register(c.outcomes); err != nil {
		return nil, err
	}
	return c, registry.Register(c.kinds)
}

func (c *shadowCounts) observe(event shadow.Event) {
	c.outcomes.WithLabelValues(string(event.Outcome)).Inc()
	if event.Found == nil {
		return
	}
	for kind := range event.Found.Kinds() {
		c.kinds.WithLabelValues(string(kind)).Inc()
	}
}
