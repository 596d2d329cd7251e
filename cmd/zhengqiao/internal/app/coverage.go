package app

import (
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
)

// coverage is the configured answer to GET /v1/capabilities: per region and channel, the same for every caller.
type coverage []gateway.Capability

func newCoverage(c *config.Config) coverage {
	var all coverage
	for _, region := range c.Coverage {
		for _, channel := range region.Channels {
			capability := gateway.Capability{
				Region: exchange.Region(region.Region), Class: region.Class, Channel: channel.Platform, Tier: channel.Tier, Features: channel.Features,
			}
			for _, operation := range channel.Operations {
				capability.Operations = append(capability.Operations, exchange.Operation(operation))
			}
			all = append(all, capability)
		}
	}
	return all
}

// Capabilities implements [gateway.Capabilities].
func (c coverage) Capabilities(string) []gateway.Capability { return c }
