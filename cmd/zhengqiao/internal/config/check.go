package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// fault is one thing that is wrong, at a YAML path such as $.platforms[0].region.
type fault struct {
	path string
	text string
}

// faults collects what is wrong, so that one run shows all of it.
type faults []fault

func (f *faults) add(ok bool, path, format string, args ...any) {
	if !ok {
		*f = append(*f, fault{path, fmt.Sprintf(format, args...)})
	}
}

// locate turns faults into one error whose lines name the line of the file, or of the nearest enclosing key that is there.
func locate(found faults, text []byte) error {
	var lines []error
	for _, fault := range found {
		lines = append(lines, fmt.Errorf("line %d: %s: %s", lineOf(fault.path, text), strings.TrimPrefix(fault.path, "$."), fault.text))
	}
	return errors.Join(lines...)
}

func lineOf(path string, text []byte) int {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return 1
	}
	for ; path != "$" && path != ""; path = parent(path) {
		p, err := yaml.PathString(path)
		if err != nil {
			continue
		}
		if node, err := p.FilterFile(file); err == nil && node != nil && node.GetToken() != nil {
			return node.GetToken().Position.Line
		}
	}
	return 1
}

func parent(path string) string { return path[:strings.LastIndexAny(path, ".[")] }

// check looks at what the file says by itself; keys and files are opened later.
func (c *Config) check() faults {
	var f faults
	f.add((c.TLS.Certificate == "") == (c.TLS.Key == ""), "$.tls", "certificate and key go together")
	f.add(c.TLS.ClientCAs == "" || c.TLS.Certificate != "", "$.tls.clientCAs", "client certificates need a server certificate")
	f.add(c.Gateway.KeyID != "" && c.Gateway.Key != "", "$.gateway", "keyId and key are required")
	f.add(c.Gateway.Window > 0, "$.gateway.window", "must be above 0")
	f.add(c.Journal.Dir != "", "$.journal", "dir is required")
	f.add(c.Records.SealKeyID != "" && c.Records.SealKey != "" && c.Records.Pepper != "", "$.records", "sealKeyId, sealKey and pepper are required")
	f.add(c.Limits.BodyBytes > 0 && c.Limits.InFlight > 0 && c.Limits.Budget > 0 && c.Limits.Decision > 0 && c.Limits.Drain > 0, "$.limits", "every limit must be above 0")
	f.add(c.Limits.DrainDelay >= 0, "$.limits.drainDelay", "must not be below 0")
	f.add(c.Limits.DrainDelay+c.Limits.Drain <= maxDrain, "$.limits", "drainDelay and drain take at most %s together: the whole stop takes 10s at most", maxDrain)
	f.add(slices.Contains([]string{"debug", "info", "warn", "error"}, c.LogLevel), "$.logLevel", "want debug, info, warn or error")
	c.checkPlatforms(&f)
	c.checkSources(&f)
	c.checkRoutes(&f)
	c.checkCoverage(&f)
	return f
}

// maxDrain leaves the journal a second of the ten that a stop may take.
const maxDrain = 9 * time.Second

func (c *Config) checkPlatforms(f *faults) {
	f.add(len(c.Platforms) > 0, "$.platforms", "at least one platform is required")
	ids, keys := map[string]bool{}, map[string]bool{}
	for i, platform := range c.Platforms {
		at := fmt.Sprintf("$.platforms[%d]", i)
		f.add(platform.ID != "" && !ids[platform.ID], at+".id", "must be there and be unique")
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
	f.add(c.Identity == "" || ids[c.Identity], "$.identity", "names no source")
}

func (c *Config) checkRoutes(f *faults) {
	f.add(len(c.Routes) > 0, "$.routes", "at least one route is required")
	for i, route := range c.Routes {
		at := fmt.Sprintf("$.routes[%d]", i)
		f.add(isRegion(route.Region), at+".region", wantRegion)
		f.add(len(route.Sources) > 0, at+".sources", "at least one source is required")
		for k, id := range route.Sources {
			known := slices.ContainsFunc(c.Sources, func(s Source) bool { return s.ID == id })
			f.add(known, fmt.Sprintf("%s.sources[%d]", at, k), "names no source")
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
			f.add(known, here+".platform", "names no platform")
			for n, operation := range channel.Operations {
				f.add(isOperation(operation), fmt.Sprintf("%s.operations[%d]", here, n), wantOperation)
			}
		}
	}
}

const wantRegion = "want a province of GB/T 2260 in six digits, such as 310000, or 000000 for the whole country"

func isRegion(code string) bool {
	return exchange.Region(code) == exchange.National || exchange.Region(code).Provincial()
}

const wantOperation = "want licence.query, violations.query or violations.picture"

func isOperation(name string) bool { return exchange.Fields(exchange.Operation(name)) != nil }
