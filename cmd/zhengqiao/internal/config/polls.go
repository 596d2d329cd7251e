package config

import (
	"cmp"
	"fmt"
	"regexp"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Poll is a source that announces no changes and is polled for them.
type Poll struct {
	// Source is the id of a source, by which policies know the reporter too. Required.
	Source string `yaml:"source"`
	// Mode is incremental (what the source changed, by its time of update) or requery (each known licence anew). Required.
	Mode string `yaml:"mode"`
	// Region is the province whose licences are polled; 000000 for all. Default: the source's.
	Region string `yaml:"region"`
	// Aspects are what the source may announce, such as status. Default: all.
	Aspects []string `yaml:"aspects"`
	// Tier says how often a requery asks for each licence: realtime (5s), daily (24h) or weekly (168h). Required for requery without every.
	Tier string `yaml:"tier"`
	// Every is the time between two passes, or between two questions about one licence. Default: that of the tier; incremental 5s.
	Every time.Duration `yaml:"every"`
	// Overlap is how late after its time of update a row may become visible. Of incremental only. Default 2m.
	Overlap time.Duration `yaml:"overlap"`
	// Since is where the very first pass begins. Of incremental only. Default: the first start.
	Since time.Time `yaml:"since"`
	// Rows is the size of a page. Of incremental only. Default 200.
	Rows int `yaml:"rows"`
	// Quota bounds the questions to the source; all polls of a source state the same. Required.
	Quota PollQuota `yaml:"quota"`
	// Purpose fills the purpose fields of sources that want more than why and by whom.
	Purpose PollPurpose `yaml:"purpose"`
}

// PollQuota bounds the questions to a source.
type PollQuota struct {
	// PerSecond may be a fraction. Required.
	PerSecond float64 `yaml:"perSecond"`
	// PerDay counts by the day in China; 0: no bound.
	PerDay int `yaml:"perDay"`
}

// PollPurpose are the parts of a purpose that a source may want.
type PollPurpose struct {
	Matter   string `yaml:"matter"`   // 事项编码; default status-sync
	Case     string `yaml:"case"`     // 办件编号; default changes.gateway
	Unit     string `yaml:"unit"`     // 单位代码; default: the source's own setting
	UnitName string `yaml:"unitName"` // 单位名称; default changes.gateway
}

// The modes of polling.
const (
	PollIncremental = "incremental"
	PollRequery     = "requery"
)

const (
	defaultOverlap = 2 * time.Minute
	shortestEvery  = time.Second
)

func tierPeriods() map[string]time.Duration {
	return map[string]time.Duration{"": 0, "realtime": 5 * time.Second, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour}
}

// Period gives the time between two passes or rounds.
func (p *Poll) Period() time.Duration { return cmp.Or(p.Every, tierPeriods()[p.Tier], 5*time.Second) }

// Lateness gives the overlap.
func (p *Poll) Lateness() time.Duration { return cmp.Or(p.Overlap, defaultOverlap) }

func (c *Config) checkPolls(f *faults) {
	f.add(c.Changes.Gateway != "" || len(c.Polls) == 0, "$.polls", "changes.gateway is required with it")
	modes, quotas := map[string]bool{}, map[string]PollQuota{}
	for i := range c.Polls {
		poll, at := &c.Polls[i], fmt.Sprintf("$.polls[%d]", i)
		f.add(c.hasSource(poll.Source), at+".source", "%q names no source; there are %s", poll.Source, c.sourceIDs())
		f.add(regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`).MatchString(poll.Source), at+".source", "a source that is polled needs an id of 1 to 64 letters, digits, - and _")
		f.add(!modes[poll.Source+"/"+poll.Mode], at, "the source is polled in this mode already")
		modes[poll.Source+"/"+poll.Mode] = true
		quota, known := quotas[poll.Source]
		f.add(!known || quota == poll.Quota, at+".quota", "another poll of this source states another quota; they share it")
		quotas[poll.Source] = poll.Quota
		f.add(poll.Quota.PerSecond > 0 && poll.Quota.PerDay >= 0, at+".quota", "perSecond must be above 0, perDay not below")
		f.add(poll.Region == "" || isRegion(poll.Region), at+".region", wantRegion)
		for k, aspect := range poll.Aspects {
			f.add(exchange.Aspect(aspect).Fields() != nil, fmt.Sprintf("%s.aspects[%d]", at, k), "want status, classes, validity, replacement, points or cycle")
		}
		poll.checkRhythm(f, at)
	}
}

func (p *Poll) checkRhythm(f *faults, at string) {
	_, known := tierPeriods()[p.Tier]
	f.add(known, at+".tier", "want realtime, daily or weekly")
	f.add(p.Every == 0 || p.Every >= shortestEvery, at+".every", "must not be below %s", shortestEvery)
	f.add(p.Overlap >= 0 && p.Rows >= 0, at, "overlap and rows must not be below 0")
	switch p.Mode {
	case PollIncremental:
		f.add(p.Tier == "", at+".tier", "is for mode requery; use every")
	case PollRequery:
		f.add(p.Tier != "" || p.Every != 0, at, "tier or every is required")
		f.add(p.Overlap == 0 && p.Since.IsZero() && p.Rows == 0, at, "overlap, since and rows are for mode incremental")
	default:
		f.add(false, at+".mode", "want incremental or requery")
	}
}

func (c *Config) hasSource(id string) bool {
	for _, source := range c.Sources {
		if source.ID == id {
			return true
		}
	}
	return false
}
