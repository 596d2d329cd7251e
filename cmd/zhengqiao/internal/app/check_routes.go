package app

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// operations are those of the contract.
func operations() []exchange.Operation {
	return []exchange.Operation{exchange.LicenceQuery, exchange.ViolationsQuery, exchange.PictureQuery, exchange.StudyQuery}
}

// offers finds routes that lead nowhere: an operation that is listed and that no source answers, a source that answers nothing.
func (i *inspection) offers() {
	for n, route := range i.routes {
		at := fmt.Sprintf("$.routes[%d]", n)
		for k, operation := range route.Operations {
			if !slices.ContainsFunc(route.Sources, func(s *exchange.Source) bool { return offered(s, operation) }) {
				i.faultAt(fmt.Sprintf("%s.operations[%d]", at, k), "none of the route's sources offers %s", operation)
			}
		}
		for k, source := range route.Sources {
			if !slices.ContainsFunc(wanted(route), func(op exchange.Operation) bool { return offered(source, op) }) {
				i.faultAt(fmt.Sprintf("%s.sources[%d]", at, k), "%s offers none of the route's operations (%s)", source.ID, join(wanted(route)))
			}
		}
	}
}

func wanted(route exchange.Route) []exchange.Operation {
	if len(route.Operations) > 0 {
		return route.Operations
	}
	return operations()
}

// offered asks the routes of the broker itself, so that the answer can't differ from the gateway's.
func offered(source *exchange.Source, operation exchange.Operation) bool {
	routes := exchange.Routes{{Region: exchange.National, Sources: []*exchange.Source{source}}}
	return len(routes.Sources(operation, exchange.National)) > 0
}

// coverage finds promises of GET /v1/capabilities that the routes can't keep.
func (i *inspection) coverage() {
	if len(i.config.Coverage) == 0 {
		i.warnings = append(i.warnings, "coverage is empty: GET /v1/capabilities tells callers of no region")
	}
	for n, region := range i.config.Coverage {
		for k, channel := range region.Channels {
			for o, operation := range channel.Operations {
				if len(i.routes.Sources(exchange.Operation(operation), exchange.Region(region.Region))) == 0 {
					i.warnAt(fmt.Sprintf("$.coverage[%d].channels[%d].operations[%d]", n, k, o),
						"%s is told to be offered for %s, but no source of its route does", operation, region.Region)
				}
			}
		}
	}
}

func join(list []exchange.Operation) string {
	var names []string
	for _, operation := range list {
		names = append(names, string(operation))
	}
	return strings.Join(names, ", ")
}
