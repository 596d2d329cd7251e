package config

import (
	"strings"
	"testing"
	"time"
)

// watchedConfig has one of everything that a canary can be about.
func watchedConfig() *Config {
	c := &Config{Sources: []Source{{ID: "tmri"}}, Platforms: []Party{{ID: "suishenban"}}, Changes: Changes{Gateway: "gw"}}
	person := CanaryPerson{"file:n", "file:i", "310000"}
	c.Canaries = Canaries{
		Sources: []SourceCanary{{Source: "tmri", CanaryPerson: person, Expect: map[string]string{"points": "2"}}},
		Changes: ChangesCanary{CanaryPerson: person},
	}
	c.Watch.Expiries = []Expiry{{"tmri", "serial", time.Now()}}
	return c
}

func TestWatchAndCanariesAreChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Config)
		want   string // "": nothing is wrong
	}{
		"good":            {func(*Config) {}, ""},
		"objective":       {func(c *Config) { c.Watch.Objective = 1 }, "$.watch.objective"},
		"eager":           {func(c *Config) { c.Watch.Every = time.Millisecond }, "$.watch.every"},
		"below 0":         {func(c *Config) { c.Watch.Lag = -1 }, "$.watch"},
		"no such adapter": {func(c *Config) { c.Watch.Expiries[0].Adapter = "x" }, "$.watch.expiries[0].adapter"},
		"no name":         {func(c *Config) { c.Watch.Expiries[0].What = "" }, "$.watch.expiries[0].what"},
		"no moment":       {func(c *Config) { c.Watch.Expiries[0].At = time.Time{} }, "$.watch.expiries[0].at"},
		"no such source":  {func(c *Config) { c.Canaries.Sources[0].Source = "x" }, "$.canaries.sources[0].source"},
		"twice":           {func(c *Config) { c.Canaries.Sources = append(c.Canaries.Sources, c.Canaries.Sources[0]) }, "$.canaries.sources[1].source"},
		"no person":       {func(c *Config) { c.Canaries.Sources[0].Name = "" }, "$.canaries.sources[0]"},
		"whole country":   {func(c *Config) { c.Canaries.Sources[0].Region = "000000" }, "$.canaries.sources[0].region"},
		"eager canary":    {func(c *Config) { c.Canaries.Sources[0].Every = 1 }, "$.canaries.sources[0].every"},
		"unknown field":   {func(c *Config) { c.Canaries.Sources[0].Expect["point"] = "2" }, "$.canaries.sources[0].expect.point"},
		"half a change": {func(c *Config) {
			c.Canaries.Changes.CanaryPerson = CanaryPerson{}
			c.Canaries.Changes.Every = time.Hour
		}, "$.canaries.changes"},
		"without changes":    {func(c *Config) { c.Changes.Gateway = "" }, "$.canaries.changes"},
		"longer than a turn": {func(c *Config) { c.Canaries.Changes.Within = time.Minute }, "$.canaries.changes.within"},
		"a platform's id":    {func(c *Config) { c.Canaries.Changes.Reporter = "suishenban" }, "$.canaries.changes.reporter"},
		"a source's id":      {func(c *Config) { c.Canaries.Changes.Reporter = "tmri" }, "$.canaries.changes.reporter"},
	} {
		config, found := watchedConfig(), faults{}
		c.change(config)
		config.checkWatch(&found)
		config.checkCanaries(&found)
		var paths []string
		for _, fault := range found {
			paths = append(paths, fault.path)
		}
		if got := strings.Join(paths, " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if config := watchedConfig(); config.Watch.Period() != 5*time.Second || config.Canaries.Changes.Party() != "zhengqiao-canary" {
		t.Error("defaults")
	}
}
