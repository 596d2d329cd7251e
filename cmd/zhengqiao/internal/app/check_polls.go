package app

import (
	"context"
	"fmt"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// pollers holds what is polled against the policies: a source that may not announce what it is polled for is asked in vain, and an
// incremental poll waits at the first row.
func (i *inspection) pollers(engine *policies.Engine) {
	for n := range i.config.Polls {
		configured := &i.config.Polls[n]
		_, err := engine.Rank(context.Background(), configured.Source, i.provinceOf(configured.Source, configured.Region), namedAspects(configured.Aspects), time.Now())
		if err != nil {
			i.faultAt(fmt.Sprintf("$.polls[%d]", n), "the policies do not let source %s announce this (data/announcers.yaml); list what it may under aspects: %w",
				configured.Source, err)
		}
	}
}

// provinceOf gives the province that is polled, any one for a poll of the whole country.
func (i *inspection) provinceOf(source, region string) exchange.Region {
	for _, configured := range i.config.Sources {
		if region == "" && configured.ID == source {
			region = configured.Region
		}
	}
	if exchange.Region(region) == exchange.National {
		return "310000"
	}
	return exchange.Region(region)
}

// polls holds what is polled against what the sources offer.
func (i *inspection) polls() {
	for n := range i.config.Polls {
		configured := &i.config.Polls[n]
		if err := offersPoll(i.sources[configured.Source], configured.Mode); err != nil {
			i.faultAt(fmt.Sprintf("$.polls[%d].mode", n), "%w", err)
		}
	}
}
