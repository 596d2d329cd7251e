package config

import (
	"cmp"
	"fmt"
)

// Quota is what one platform may ask. A member that is 0 has the value of limits.quota, and there its default.
type Quota struct {
	// Weight is the platform's share of the places while others want them too. Default 1.
	Weight int `yaml:"weight" env:"WEIGHT"`
	// Queries are of what citizens wait for, and of capabilities. Default 500 each second, 1000 at once after a pause.
	Queries Rate `yaml:"queries" envPrefix:"QUERIES_"`
	// Changes are of reports of changes, also of those that are pushed. Default 500 each second, 1000 at once after a pause.
	Changes Rate `yaml:"changes" envPrefix:"CHANGES_"`
	// Feed is of reading the feed of changes. Default 50 each second, 100 at once after a pause.
	Feed Rate `yaml:"feed" envPrefix:"FEED_"`
}

// Rate bounds one kind of requests.
type Rate struct {
	// PerSecond is how many there may be each second in the long run; it may be a fraction.
	PerSecond float64 `yaml:"perSecond" env:"PER_SECOND"`
	// Burst is how many there may be at once after a pause.
	Burst int `yaml:"burst" env:"BURST"`
	// InFlight is how many may be worked on at once; as many again may wait. Default: half of limits.inFlight, of feed an eighth of the
	// places to wait at.
	InFlight int `yaml:"inFlight" env:"IN_FLIGHT"`
}

func defaultQuota() Quota {
	return Quota{
		Weight: 1, Queries: Rate{PerSecond: 500, Burst: 1000}, Changes: Rate{PerSecond: 500, Burst: 1000}, Feed: Rate{PerSecond: 50, Burst: 100},
	}
}

// Or fills what a quota leaves open. A burst that is not stated grows and shrinks with the rate.
func (q Quota) Or(standard Quota) Quota {
	return Quota{
		Weight: cmp.Or(q.Weight, standard.Weight), Queries: q.Queries.or(standard.Queries), Changes: q.Changes.or(standard.Changes),
		Feed: q.Feed.or(standard.Feed),
	}
}

func (r Rate) or(standard Rate) Rate {
	burst := standard.Burst
	if r.PerSecond > 0 && standard.PerSecond > 0 {
		burst = max(1, int(float64(standard.Burst)*r.PerSecond/standard.PerSecond))
	}
	return Rate{
		PerSecond: cmp.Or(r.PerSecond, standard.PerSecond), Burst: cmp.Or(r.Burst, burst), InFlight: cmp.Or(r.InFlight, standard.InFlight),
	}
}

func (c *Config) checkQuotas(f *faults) {
	c.Limits.Quota.check(f, "$.limits.quota")
	for i := range c.Platforms {
		c.Platforms[i].Quota.check(f, fmt.Sprintf("$.platforms[%d].quota", i))
	}
}

// Bounds of what makes sense of a quota; beyond them somebody mistook the unit.
const (
	maxWeight = 1000
	maxRate   = 1e6
)

func (q *Quota) check(f *faults, at string) {
	f.add(q.Weight >= 0 && q.Weight <= maxWeight, at+".weight", "want 1 to %d", maxWeight)
	for key, rate := range map[string]Rate{"queries": q.Queries, "changes": q.Changes, "feed": q.Feed} {
		here := at + "." + key
		f.add(rate.PerSecond >= 0 && rate.PerSecond <= maxRate, here+".perSecond", "want a number above 0, at most %g", maxRate)
		f.add(rate.Burst >= 0 && rate.Burst <= maxRate, here+".burst", "want 1 to %g", maxRate)
		f.add(rate.InFlight >= 0 && rate.InFlight <= maxRate, here+".inFlight", "want 1 to %g", maxRate)
	}
}
