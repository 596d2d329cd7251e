package config

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// FrontDB is a platform with a front-end database (前置库): it is told of changes in batches, and its rows are read.
type FrontDB struct {
	// ID is the platform's id, which policies know too: as a platform to be told, as a platform or reporter to be read. Required.
	ID string `yaml:"id"`
	// Region is where the platform is, 000000 for the whole country, and of rows that name none. Required.
	Region string `yaml:"region"`
	// Gateway is the id of the gateway behind the platform, if it is one: a change that has passed it does not go back.
	Gateway string `yaml:"gateway"`
	// Mode is what is done: both (default), tell or read.
	Mode string `yaml:"mode"`
	// Every is the time between two looks at what the other side wrote or refused. Default 10m.
	Every time.Duration `yaml:"every"`
	// Aspects are what is taken of a row: status, classes, validity, replacement, points, cycle. Rows are whole, also of what is not
	// the platform's to announce; a report of that is refused as a whole. Default: all.
	Aspects  []string `yaml:"aspects"`
	Settings `yaml:",inline"`
}

// Tells reports whether the platform is told of changes.
func (d *FrontDB) Tells() bool { return d.Mode != "read" }

// Reads reports whether the platform's rows are read.
func (d *FrontDB) Reads() bool { return d.Mode != "tell" }

// FrontDB gives the front-end database of this id, nil if there is none.
func (c *Config) FrontDB(id string) *FrontDB {
	for i := range c.FrontDBs {
		if c.FrontDBs[i].ID == id {
			return &c.FrontDBs[i]
		}
	}
	return nil
}

// shortestLook keeps an eager schedule from becoming a load on the other side's database.
const shortestLook = time.Second

func (c *Config) checkFrontDBs(f *faults) {
	name := regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$`)
	f.add(c.Changes.Gateway != "" || len(c.FrontDBs) == 0, "$.frontdbs", "changes.gateway is required with it")
	ids := map[string]bool{c.Changes.Gateway: true}
	for _, receiver := range c.Receivers {
		ids[receiver.ID] = true
	}
	for i := range c.FrontDBs {
		d, at := &c.FrontDBs[i], fmt.Sprintf("$.frontdbs[%d]", i)
		f.add(name.MatchString(d.ID) && !ids[d.ID], at+".id", "want 1 to 32 of a-z, 0-9 and inner hyphens, unique, no receiver's, and not changes.gateway")
		ids[d.ID] = true
		f.add(isRegion(d.Region), at+".region", wantRegion)
		f.add(slices.Contains([]string{"", "both", "tell", "read"}, d.Mode), at+".mode", "want both, tell or read")
		f.add(d.Every == 0 || d.Every >= shortestLook, at+".every", "want %s or more", shortestLook)
		for k, aspect := range d.Aspects {
			known := slices.Contains(exchange.Aspects(), exchange.Aspect(aspect))
			f.add(known, fmt.Sprintf("%s.aspects[%d]", at, k), "want status, classes, validity, replacement, points or cycle")
		}
	}
}
