package config

import (
	"fmt"
	"slices"
	"time"
)

// Watch is what adapters are held to on the operators' pages, and how often their connections are tried.
type Watch struct {
	// Objective is the share of calls to an adapter that is to work over 30 days: what is left of the failures that it permits is the
	// error budget. Over 0, under 1. Default 0.995.
	Objective float64 `yaml:"objective" env:"OBJECTIVE"`
	// Every is the time between two connections that are made to see whether they can be. Default 5s, 100ms at least.
	Every time.Duration `yaml:"every" env:"EVERY"`
	// Slow: reachability turns yellow when the platform's share of a call takes longer at the 95th percentile. Default 1s.
	Slow time.Duration `yaml:"slow" env:"SLOW"`
	// Lag: freshness turns red when a change waits longer for a receiver, yellow at a fifth of it. Default 5m.
	Lag time.Duration `yaml:"lag" env:"LAG"`
	// Skew: configuration turns yellow when a platform's clock is further from ours. Default 30s.
	Skew time.Duration `yaml:"skew" env:"SKEW"`
	// Soon: configuration turns yellow when a credential or certificate ends within. Default 336h, 14 days.
	Soon time.Duration `yaml:"soon" env:"SOON"`
	// Expiries are the ends of credentials that nothing but the platform's letter says.
	Expiries []Expiry `yaml:"expiries"`
}

// Expiry is when a credential ends.
type Expiry struct {
	Adapter string    `yaml:"adapter"` // id of a source, receiver, push or front-end database. Required
	What    string    `yaml:"what"`    // its name on the pages, such as serial. Required
	At      time.Time `yaml:"at"`      // required
}

// shortestProbe keeps an eager schedule from becoming a load.
const shortestProbe = 100 * time.Millisecond

const defaultProbe = 5 * time.Second

// Period gives the time between two connections.
func (w *Watch) Period() time.Duration {
	if w.Every == 0 {
		return defaultProbe
	}
	return w.Every
}

func (c *Config) checkWatch(f *faults) {
	w := &c.Watch
	f.add(w.Objective >= 0 && w.Objective < 1, "$.watch.objective", "want a share over 0 and under 1, such as 0.995")
	f.add(w.Every == 0 || w.Every >= shortestProbe, "$.watch.every", "want %s or more", shortestProbe)
	f.add(w.Slow >= 0 && w.Lag >= 0 && w.Skew >= 0 && w.Soon >= 0, "$.watch", "no time may be below 0")
	for i, expiry := range w.Expiries {
		at := fmt.Sprintf("$.watch.expiries[%d]", i)
		f.add(slices.Contains(c.adapterIDs(), expiry.Adapter), at+".adapter", "%q names no source, receiver, push or front-end database", expiry.Adapter)
		f.add(expiry.What != "" && len(expiry.What) <= 64, at+".what", "want a name of 1 to 64 bytes")
		f.add(!expiry.At.IsZero(), at+".at", "want a moment such as 2027-01-31T00:00:00+08:00")
	}
}

// adapterIDs gives every adapter's id, some several times.
func (c *Config) adapterIDs() []string {
	var ids []string
	for i := range c.Sources {
		ids = append(ids, c.Sources[i].ID)
	}
	for i := range c.Receivers {
		ids = append(ids, c.Receivers[i].ID)
	}
	for i := range c.Pushes {
		ids = append(ids, c.Pushes[i].ID)
	}
	for i := range c.FrontDBs {
		ids = append(ids, c.FrontDBs[i].ID)
	}
	return ids
}

// Text gives the file as it was read.
func (c *Config) Text() []byte { return c.text }
