package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/watch/canary"
)

// Canaries are synthetic licences that are known beforehand, so that a platform which is up and wrong, or up and stale, is seen.
type Canaries struct {
	Sources []SourceCanary `yaml:"sources"`
	Changes ChangesCanary  `yaml:"changes"`
}

// CanaryPerson is a synthetic person that was agreed with a platform, by references, since a platform's test person is no secret of ours
// to print.
type CanaryPerson struct {
	Name     string `yaml:"name"`     // file:PATH of the name. Required
	IDNumber string `yaml:"idNumber"` // file:PATH of the ID number. Required
	Region   string `yaml:"region"`   // province that keeps the licence. Required
}

// SourceCanary is a licence that is asked for on a schedule.
type SourceCanary struct {
	// Source is the id of a source. Required; one canary each.
	Source       string `yaml:"source"`
	CanaryPerson `yaml:",inline"`
	// Every is the time between two questions. Default 10s, 100ms at least. The platform's quota counts them: 10s is 8,640 a day.
	Every time.Duration `yaml:"every"`
	// Timeout bounds one question. Default 3s.
	Timeout time.Duration `yaml:"timeout"`
	// MaxAge is how old the answer may be. Default 36h.
	MaxAge time.Duration `yaml:"maxAge"`
	// Expect are the values that must come, by field; of a population register {verdict: match}. Empty: any.
	Expect map[string]string `yaml:"expect"`
	// Purpose fills the purpose fields of sources that want more than why and by whom.
	Purpose PollPurpose `yaml:"purpose"`
}

// ChangesCanary is a licence whose status the gateway announces anew on a schedule, to see it reach every receiver.
type ChangesCanary struct {
	CanaryPerson `yaml:",inline"`
	// Reporter is the id that announces, as the policies know it (data/announcers.yaml, reporters). Default zhengqiao-canary. It must be
	// no platform's and no source's.
	Reporter string `yaml:"reporter"`
	// Every is the time between two changes. Default 30s. Each is in the durable record, and so is each delivery of it.
	Every time.Duration `yaml:"every"`
	// Within is how long a change may take from being accepted to being applied. Default 20s; below every.
	Within time.Duration `yaml:"within"`
}

// On reports whether a change is announced.
func (c *ChangesCanary) On() bool { return c.CanaryPerson != CanaryPerson{} }

// defaultReporter is who announces the canary's changes.
const defaultReporter = "zhengqiao-canary"

// Party gives the reporter.
func (c *ChangesCanary) Party() string {
	if c.Reporter == "" {
		return defaultReporter
	}
	return c.Reporter
}

func (c *Config) checkCanaries(f *faults) {
	seen := map[string]bool{}
	for i := range c.Canaries.Sources {
		asked, at := &c.Canaries.Sources[i], fmt.Sprintf("$.canaries.sources[%d]", i)
		f.add(c.hasSource(asked.Source), at+".source", "%q names no source; there are %s", asked.Source, c.sourceIDs())
		f.add(!seen[asked.Source], at+".source", "the source has a canary already")
		seen[asked.Source] = true
		asked.check(f, at)
		f.add(asked.Every == 0 || asked.Every >= shortestProbe, at+".every", "want %s or more", shortestProbe)
		f.add(asked.Timeout >= 0 && asked.MaxAge >= 0, at, "timeout and maxAge must not be below 0")
		for _, field := range slices.Sorted(maps.Keys(asked.Expect)) {
			f.add(slices.Contains(canary.Fields(), field), at+".expect."+field, "want a field of %s", strings.Join(canary.Fields(), ", "))
		}
	}
	c.checkChangesCanary(f)
}

func (c *Config) checkChangesCanary(f *faults) {
	const at = "$.canaries.changes"
	changes := &c.Canaries.Changes
	if !changes.On() {
		f.add(*changes == ChangesCanary{}, at, "name, idNumber and region are required")
		return
	}
	changes.check(f, at)
	f.add(!c.Journal.Clustered() && !c.Journal.Outside(), at,
		"is for a gateway that works alone: where several share a journal (journal.cluster, journal.remote) only one delivers, and the others would see nothing arrive")
	f.add(c.Changes.Gateway != "", at, "changes.gateway is required with it")
	f.add(changes.Every >= 0 && changes.Within >= 0, at, "every and within must not be below 0")
	every, within := changes.Every, changes.Within
	if every == 0 {
		every = canary.DefaultRound
	}
	if within == 0 {
		within = canary.DefaultWithin
	}
	f.add(within <= every, at+".within", "must not be above every, %s", every)
	taken := slices.Contains(c.adapterIDs(), changes.Party()) || slices.ContainsFunc(c.Platforms, func(p Party) bool { return p.ID == changes.Party() })
	f.add(!taken, at+".reporter", "%q is a platform's or an adapter's id; the canary needs one that nobody can sign as", changes.Party())
}

func (p *CanaryPerson) check(f *faults, at string) {
	f.add(p.Name != "" && p.IDNumber != "", at, "name and idNumber are required, as references such as file:keys/canary.name")
	f.add(isRegion(p.Region) && p.Region != "000000", at+".region", "want the province that keeps the licence, such as 310000")
}
