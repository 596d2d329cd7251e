package app

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/zhengqiao/zhengqiao/adapters"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// sources are the configured platforms that can be asked, by id.
type sources map[string]*exchange.Source

// openSources builds every source; a wrong setting names the source and the setting. Nothing is connected to yet.
func openSources(c *config.Config, logger *slog.Logger, observer outbound.Observer) (sources, error) {
	all, kinds := sources{}, adapters.Kinds()
	deps := outbound.Deps{Logger: logger, Observer: observer, Secrets: keys.Files{Root: c.Folder()}.Text}
	for i := range c.Sources {
		configured := &c.Sources[i]
		factory, known := kinds[configured.Kind]
		if !known {
			return nil, errors.Join(fmt.Errorf("source %s: unknown kind %q; there are %v", configured.ID, configured.Kind, kindNames()), all.close())
		}
		source, err := factory(configured.ID, exchange.Region(configured.Region), configured.Decode, deps)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("source %s: %w", configured.ID, err), all.close())
		}
		all[configured.ID] = source
	}
	return all, nil
}

func kindNames() []string {
	var names []string
	for kind := range adapters.Kinds() {
		names = append(names, kind)
	}
	slices.Sort(names)
	return names
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
func (s sources) identities(id string) (exchange.IdentityMatcher, error) {
	if id == "" {
		return nil, nil
	}
	if s[id].Identities == nil {
		return nil, fmt.Errorf("identity: source %s does not check identities", id)
	}
	return s[id].Identities, nil
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
