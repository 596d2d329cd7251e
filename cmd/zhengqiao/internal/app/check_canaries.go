package app

import (
	"context"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// canaries loads whom they are about and holds them against what the sources offer.
func (i *inspection) canaries() {
	seen := newSight(i.config)
	for n := range i.config.Canaries.Sources {
		_, err := seen.newQuestion(i.config, n, i.sources[i.config.Canaries.Sources[n].Source])
		i.fault(err)
	}
	if changes := &i.config.Canaries.Changes; changes.On() {
		_, err := canaryPerson(i.config, "$.canaries.changes", &changes.CanaryPerson)
		i.fault(err)
	}
}

// canaryReporter holds who announces the canary's changes against the policies: else every change is refused.
func (i *inspection) canaryReporter(engine *policies.Engine) {
	changes := &i.config.Canaries.Changes
	if !changes.On() {
		return
	}
	_, err := engine.Rank(context.Background(), changes.Party(), exchange.Region(changes.Region), []exchange.Aspect{exchange.AspectStatus}, time.Now())
	if err != nil {
		i.faultAt("$.canaries.changes.reporter", "the policies do not let %s announce a status in this region (data/announcers.yaml): %w", changes.Party(), err)
	}
}
