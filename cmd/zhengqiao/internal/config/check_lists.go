package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func (c *Config) checkPlatforms(f *faults) {
	f.add(len(c.Platforms) > 0, "$.platforms", "at least one platform is required")
	ids, keys := map[string]bool{}, map[string]bool{}
	for i, platform := range c.Platforms {
		at := fmt.Sprintf("$.platforms[%d]", i)
		f.add(platform.ID != "" && !ids[platform.ID], at+".id", "must be there and be unique")
		f.add(platform.ID != exchange.BreakGlassPlatform, at+".id", "is the gateway's own, for emergency access")
		ids[platform.ID] = true
		f.add(isRegion(platform.Region), at+".region", wantRegion)
		f.add(slices.Contains([]string{"", "off", "optional", "required"}, platform.Encryption), at+".encryption", "want off, optional or required")
		f.add(len(platform.Keys) > 0, at+".keys", "at least one key is required")
		for k, key := range platform.Keys {
			here := fmt.Sprintf("%s.keys[%d]", at, k)
			f.add(key.ID != "" && !keys[key.ID], here+".id", "must be there and be unique among all platforms")
			f.add(key.Public != "", here+".public", "is required")
			f.add(key.NotAfter.IsZero() || key.NotAfter.After(key.NotBefore), here+".notAfter", "lies before notBefore")
			keys[key.ID] = true
		}
	}
}

func (c *Config) checkSources(f *faults) {
	f.add(len(c.Sources) > 0, "$.sources", "at least one source is required")
	ids := map[string]bool{}
	for i, source := range c.Sources {
		at := fmt.Sprintf("$.sources[%d]", i)
		f.add(source.ID != "" && !ids[source.ID], at+".id", "must be there and be unique")
		ids[source.ID] = true
		f.add(source.Kind != "", at+".kind", "is required")
		f.add(isRegion(source.Region), at+".region", wantRegion)
	}
	f.add(c.Identity == "" || ids[c.Identity], "$.identity", "%q names no source; there are %s", c.Identity, c.sourceIDs())
}

func (c *Config) checkRoutes(f *faults) {
	f.add(len(c.Routes) > 0, "$.routes", "at least one route is required")
	for i, route := range c.Routes {
		at := fmt.Sprintf("$.routes[%d]", i)
		f.add(isRegion(route.Region), at+".region", wantRegion)
		f.add(len(route.Sources) > 0, at+".sources", "at least one source is required")
		for k, id := range route.Sources {
			known := slices.ContainsFunc(c.Sources, func(s Source) bool { return s.ID == id })
			f.add(known, fmt.Sprintf("%s.sources[%d]", at, k), "%q names no source; there are %s", id, c.sourceIDs())
		}
		for k, operation := range route.Operations {
			f.add(isOperation(operation), fmt.Sprintf("%s.operations[%d]", at, k), wantOperation)
		}
	}
}

func (c *Config) checkCoverage(f *faults) {
	for i, region := range c.Coverage {
		at := fmt.Sprintf("$.coverage[%d]", i)
		f.add(isRegion(region.Region), at+".region", wantRegion)
		f.add(slices.Contains([]string{"first-tier", "provincial-capital", "other"}, region.Class), at+".class", "want first-tier, provincial-capital or other")
		for k, channel := range region.Channels {
			here := fmt.Sprintf("%s.channels[%d]", at, k)
			f.add(slices.Contains([]string{"realtime", "daily", "weekly"}, channel.Tier), here+".tier", "want realtime, daily or weekly")
			known := slices.ContainsFunc(c.Platforms, func(p Party) bool { return p.ID == channel.Platform })
			f.add(known, here+".platform", "%q names no platform; there are %s", channel.Platform, c.platformIDs())
			for n, operation := range channel.Operations {
				f.add(isOperation(operation), fmt.Sprintf("%s.operations[%d]", here, n), wantOperation)
			}
		}
	}
}

func (c *Config) sourceIDs() string {
	var ids []string
	for _, source := range c.Sources {
		ids = append(ids, source.ID)
	}
	return strings.Join(ids, ", ")
}

func (c *Config) platformIDs() string {
	var ids []string
	for _, platform := range c.Platforms {
		ids = append(ids, platform.ID)
	}
	return strings.Join(ids, ", ")
}

const wantRegion = "want a province of GB/T 2260 in six digits, such as 310000, or 000000 for the whole country"

func isRegion(code string) bool {
	return exchange.Region(code) == exchange.National || exchange.Region(code).Provincial()
}

const wantOperation = "want licence.query, violations.query, violations.picture or study.eligibility"

func isOperation(name string) bool { return exchange.Fields(exchange.Operation(name)) != nil }
