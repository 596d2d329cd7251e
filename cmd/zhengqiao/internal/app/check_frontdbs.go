package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// fronts builds the front-end databases, without connecting, and holds them against the policies: whom they don't know is told nothing,
// and who may not announce something has its rows rejected.
func (i *inspection) fronts(engine *policies.Engine, known map[string]exchange.Region) {
	opened, err := openFronts(i.config, nil)
	i.fault(err)
	i.fault(opened.close())
	for n := range i.config.FrontDBs {
		d, at := &i.config.FrontDBs[n], fmt.Sprintf("$.frontdbs[%d]", n)
		region, registered := known[d.ID]
		switch {
		case d.Tells() && !registered:
			i.faultAt(at+".id", "the policies know no platform %q; they know %s", d.ID, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		case d.Tells() && string(region) != d.Region:
			i.faultAt(at+".region", "%s here, but %s in the policies (data/platforms.yaml)", d.Region, region)
		}
		if d.Reads() {
			i.announces(engine, at, d.ID, exchange.Region(d.Region), namedAspects(d.Aspects))
		}
	}
}

// announces finds out what of a row the policies would refuse.
func (i *inspection) announces(engine *policies.Engine, at, id string, region exchange.Region, aspects []exchange.Aspect) {
	if region == exchange.National {
		region = "110000" // any province will do
	}
	var refused []string
	for _, aspect := range aspects {
		if _, err := engine.Rank(context.Background(), id, region, []exchange.Aspect{aspect}, time.Now()); err != nil {
			refused = append(refused, string(aspect))
		}
	}
	switch {
	case len(refused) == len(aspects):
		i.faultAt(at+".id", "the policies let %s announce nothing (data/announcers.yaml); mode: tell does not read its rows", id)
	case len(refused) > 0:
		i.warnAt(at+".aspects", "a row that says anything of %s is rejected as a whole: the policies don't let %s announce it", strings.Join(refused, ", "), id)
	}
}

// namedAspects gives the aspects of these names, all if none are named.
func namedAspects(names []string) []exchange.Aspect {
	if len(names) == 0 {
		return exchange.Aspects()
	}
	var aspects []exchange.Aspect
	for _, name := range names {
		aspects = append(aspects, exchange.Aspect(name))
	}
	return aspects
}
