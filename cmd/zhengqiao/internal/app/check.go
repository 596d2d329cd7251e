package app

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// inspection is one look at a configuration, which goes on after a fault so that one run shows all of them.
type inspection struct {
	config   *config.Config
	engine   *policies.Engine // nil: not known yet
	sources  sources
	routes   exchange.Routes
	faults   []error
	warnings []string
}

// Check opens everything that can be opened without connecting, listening or writing: keys, certificate, policies, adapters. Then it
// holds the parts against each other: callers against the policies, addresses against the networks that are allowed, routes and
// coverage against what the sources offer. Warnings are what works and is hardly meant.
func Check(c *config.Config) (warnings []string, err error) { return check(c, nil) }

// check takes an engine that is known to hold the policies already; nil: they are read.
func check(c *config.Config, engine *policies.Engine) (warnings []string, err error) {
	i := &inspection{config: c, engine: engine}
	_, trustErr := openTrust(c)
	_, _, vaultErr := openVault(c)
	_, operatorsErr := operatorKeys(c)
	_, peopleErr := People(c)
	_, journalErr := journalConfig(c)
	i.fault(errors.Join(trustErr, vaultErr, operatorsErr, peopleErr, journalErr))
	i.certificate()
	i.fault(checkConsole(c))
	i.callers()
	i.pushes()
	if i.sources, err = openSources(c, outbound.Deps{Secrets: files(c).Text}, nil); err != nil {
		i.fault(err)
	} else {
		i.whatSourcesOffer()
	}
	return i.warnings, errors.Join(append(i.faults, i.sources.close())...)
}

func (i *inspection) fault(err error) {
	if err != nil {
		i.faults = append(i.faults, err)
	}
}

// faultAt and warnAt name the line of a YAML path.
func (i *inspection) faultAt(path, format string, args ...any) {
	i.fault(i.config.At(path, fmt.Errorf(format, args...)))
}

func (i *inspection) warnAt(path, format string, args ...any) {
	i.warnings = append(i.warnings, i.config.At(path, fmt.Errorf(format, args...)).Error())
}

func (i *inspection) certificate() {
	loaded, err := openTLS(i.config)
	i.fault(err)
	if loaded == nil {
		return
	}
	if leaf := loaded.Certificates[0].Leaf; leaf != nil && time.Now().After(leaf.NotAfter) {
		i.warnAt("$.tls.certificate", "it ended on %s", leaf.NotAfter.Format(time.DateOnly))
	}
}

// callers holds the registered platforms against those that the policies know. Whom they don't know, every answer refuses; and
// a region in which the two differ would make somebody's own province another's.
func (i *inspection) callers() {
	engine, err := i.engine, error(nil)
	if engine == nil {
		engine, err = openPolicies(i.config)
	}
	if err != nil {
		i.fault(err)
		return
	}
	known := map[string]exchange.Region{}
	for _, platform := range engine.Platforms() {
		known[platform.ID] = platform.Region
	}
	i.receivers(known)
	i.fronts(engine, known)
	i.pollers(engine)
	i.canaryReporter(engine)
	for n, party := range i.config.Platforms {
		region, registered := known[party.ID]
		switch at := fmt.Sprintf("$.platforms[%d]", n); {
		case !registered:
			i.faultAt(at+".id", "the policies know no platform %q; they know %s", party.ID, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		case string(region) != party.Region:
			i.faultAt(at+".region", "%s here, but %s in the policies (data/platforms.yaml)", party.Region, region)
		}
	}
}

func (i *inspection) whatSourcesOffer() {
	_, err := i.sources.identities(i.config)
	i.fault(err)
	i.addresses()
	i.routes = i.sources.routes(i.config)
	i.offers()
	i.coverage()
	i.polls()
	i.canaries()
}
