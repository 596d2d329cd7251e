package config

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Changes is the synchronisation of licence changes between platforms.
type Changes struct {
	// Gateway is this gateway's id in the list of gateways that a change passed, so that it never goes round: 1 to 32 of a-z,
	// 0-9 and inner hyphens, and another one than any platform's. Empty: this gateway takes no changes and tells of none.
	// Environment: ZHENGQIAO_CHANGES_GATEWAY.
	Gateway string `yaml:"gateway" env:"GATEWAY"`
	// Partitions is how many parts the licences are spread over; the changes of a part are told to a receiver by one gateway of a
	// cluster at a time. It is fixed when the journal is created. Default 16, at most 256.
	Partitions int `yaml:"partitions" env:"PARTITIONS"`
	// Retry says how long a failing receiver is tried.
	Retry Retry `yaml:"retry" envPrefix:"RETRY_"`
}

// Retry is the patience with a receiver that fails.
type Retry struct {
	// First is the longest wait before the second attempt; it doubles with each. Default 200ms.
	First time.Duration `yaml:"first" env:"FIRST"`
	// Longest is the longest wait ever. Default 1h.
	Longest time.Duration `yaml:"longest" env:"LONGEST"`
	// ParkAfter is how long one change may fail while the receiver takes others, before it is parked. Default 1h.
	ParkAfter time.Duration `yaml:"parkAfter" env:"PARK_AFTER"`
	// MaxAge is how long a receiver may take nothing before it is switched off. Default 72h.
	MaxAge time.Duration `yaml:"maxAge" env:"MAX_AGE"`
}

// Receiver is a platform that is told of changes.
type Receiver struct {
	// ID is the platform's id, which policies know too. Required.
	ID string `yaml:"id"`
	// Kind is the dialect, such as zheliban. Required.
	Kind string `yaml:"kind"`
	// Region is where the platform is; 000000 for the whole country. Required.
	Region string `yaml:"region"`
	// Gateway is the id of the gateway behind the platform, if it is one: a change that has passed it does not go back.
	Gateway string `yaml:"gateway"`
	// EveryVersion: it wants each version of a licence; else the newest one will do.
	EveryVersion bool `yaml:"everyVersion"`
	// Timeout bounds one notice. Default 10s.
	Timeout time.Duration `yaml:"timeout"`
	// Parallel is the largest number of notices under way at once, of different licences. Default 16, at most 64.
	Parallel int `yaml:"parallel"`
	Settings `yaml:",inline"`
}

// Push is an address at which a platform announces changes in its own format.
type Push struct {
	// ID is the reporter's id, which policies know. Required.
	ID string `yaml:"id"`
	// Kind is the dialect, such as suihaoban. Required.
	Kind string `yaml:"kind"`
	// Region is of licences whose row names no department. Required.
	Region string `yaml:"region"`
	// Aspects are what is taken of a row: status, classes, validity, replacement, points, cycle. Platforms push whole rows, also of
	// what is not theirs to announce; a report of that is refused as a whole. Default: all.
	Aspects []string `yaml:"aspects"`
	// Path is where the platform posts, such as /push/suihaoban; not under /v1. Default /push/ID.
	Path     string `yaml:"path"`
	Settings `yaml:",inline"`
}

// Address gives the path that the platform posts to.
func (p *Push) Address() string {
	if p.Path != "" {
		return p.Path
	}
	return "/push/" + p.ID
}

const defaultPartitions = 16

func (c *Config) checkChanges(f *faults) {
	name := regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$`)
	f.add(c.Changes.Gateway == "" || name.MatchString(c.Changes.Gateway), "$.changes.gateway", "want 1 to 32 of a-z, 0-9 and inner hyphens")
	f.add(c.Changes.Partitions >= 1 && c.Changes.Partitions <= 256, "$.changes.partitions", "want 1 to 256")
	r := c.Changes.Retry
	f.add(r.First >= 0 && r.Longest >= 0 && r.ParkAfter >= 0 && r.MaxAge >= 0, "$.changes.retry", "must not be below 0")
	f.add(c.Changes.Gateway != "" || len(c.Receivers) == 0, "$.receivers", "changes.gateway is required with it")
	f.add(c.Changes.Gateway != "" || len(c.Pushes) == 0, "$.pushes", "changes.gateway is required with it")
	c.checkReceivers(f, name)
	c.checkPushes(f)
}

func (c *Config) checkReceivers(f *faults, name *regexp.Regexp) {
	ids := map[string]bool{c.Changes.Gateway: true}
	for i, receiver := range c.Receivers {
		at := fmt.Sprintf("$.receivers[%d]", i)
		f.add(name.MatchString(receiver.ID) && !ids[receiver.ID], at+".id", "want 1 to 32 of a-z, 0-9 and inner hyphens, unique, and not changes.gateway")
		f.add(receiver.ID != exchange.BreakGlassPlatform, at+".id", "is the gateway's own, for emergency access")
		ids[receiver.ID] = true
		f.add(receiver.Kind != "", at+".kind", "is required")
		f.add(isRegion(receiver.Region), at+".region", wantRegion)
		f.add(receiver.Timeout >= 0, at+".timeout", "must not be below 0")
		f.add(receiver.Parallel >= 0 && receiver.Parallel <= 64, at+".parallel", "want 1 to 64")
	}
}

func (c *Config) checkPushes(f *faults) {
	path := regexp.MustCompile(`^(/[a-z0-9][a-z0-9-]*)+$`)
	paths := map[string]bool{}
	for i := range c.Pushes {
		push, at := &c.Pushes[i], fmt.Sprintf("$.pushes[%d]", i)
		f.add(push.ID != "", at+".id", "is required")
		f.add(push.Kind != "", at+".kind", "is required")
		f.add(isRegion(push.Region), at+".region", wantRegion)
		address := push.Address()
		free := path.MatchString(address) && !paths[address] && !regexp.MustCompile(`^/(v1|docs|problems)(/|$)`).MatchString(address)
		for k, aspect := range push.Aspects {
			known := slices.Contains(exchange.Aspects(), exchange.Aspect(aspect))
			f.add(known, fmt.Sprintf("%s.aspects[%d]", at, k), "want status, classes, validity, replacement, points or cycle")
		}
		f.add(free, at+".path", "want a path of its own such as /push/suihaoban, outside of /v1, /docs and /problems")
		paths[address] = true
	}
}
