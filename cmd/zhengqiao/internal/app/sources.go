package app

import (
	"errors"
	"fmt"

	"github.com/zhengqiao/zhengqiao/adapters"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// sources are the configured platforms that can be asked, by id.
type sources map[string]*exchange.Source

// openSources builds every source; the error tells of each setting that is wrong, with its line. Nothing is connected to yet.
func openSources(c *config.Config, deps outbound.Deps, w *wiring) (sources, error) {
	all := sources{}
	var wrong []error
	for i := range c.Sources {
		source, err := openSource(c, i, deps, w)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		all[c.Sources[i].ID] = source
	}
	if wrong != nil {
		return nil, errors.Join(append(wrong, all.close())...)
	}
	return all, nil
}

// openSource opens one source, whose connections are watched until it is closed; w nil: nobody watches.
func openSource(c *config.Config, i int, deps outbound.Deps, w *wiring) (*exchange.Source, error) {
	configured, at := &c.Sources[i], fmt.Sprintf("$.sources[%d]", i)
	factory, err := ofKind(c, at, configured.Kind, adapters.Kinds())
	if err != nil {
		return nil, err
	}
	deps, wires := w.wire(configured.ID, "source", configured, deps)
	source, err := factory(configured.ID, exchange.Region(configured.Region), configured.Decode, deps)
	if err != nil {
		wires.drop()
		return nil, c.At(at+".settings", err)
	}
	source.Close = wires.closing(source.Close)
	return source, nil
}

// routes turns the configured routes into the broker's.
func (s sources) routes(c *config.Config) exchange.Routes {
	var routes exchange.Routes
	for _, configured := range c.Routes {
		route := exchange.Route{Region: exchange.Region(configured.Region)}
		for _, operation := range configured.Operations {
			route.Operations = append(route.Operations, exchange.Operation(operation))
		}
		for _, id := range configured.Sources {
			route.Sources = append(route.Sources, s[id])
		}
		routes = append(routes, route)
	}
	return routes
}

// identities gives the source that checks identities; nil if none is configured.
func (s sources) identities(c *config.Config) (exchange.IdentityMatcher, error) {
	if c.Identity == "" {
		return nil, nil
	}
	if s[c.Identity].Identities == nil {
		return nil, c.At("$.identity", fmt.Errorf("source %s does not check identities", c.Identity))
	}
	return s[c.Identity].Identities, nil
}

func (s sources) close() error {
	var problems []error
	for _, source := range s {
		if source.Close != nil {
			problems = append(problems, source.Close())
		}
	}
	return errors.Join(problems...)
}
