package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// receivers builds what is told of changes and holds it against the policies: whom they don't know is told nothing.
func (i *inspection) receivers(known map[string]exchange.Region) {
	opened, err := openReceivers(i.config, outbound.Deps{Secrets: files(i.config).Text}, nil)
	i.fault(err)
	i.fault(opened.close())
	for n, receiver := range i.config.Receivers {
		at := fmt.Sprintf("$.receivers[%d]", n)
		i.addressesOf(&i.config.Receivers[n], at)
		region, registered := known[receiver.ID]
		switch {
		case !registered:
			i.faultAt(at+".id", "the policies know no platform %q; they know %s", receiver.ID, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		case string(region) != receiver.Region:
			i.faultAt(at+".region", "%s here, but %s in the policies (data/platforms.yaml)", receiver.Region, region)
		}
	}
}

// pushes builds the readers of what platforms push.
func (i *inspection) pushes() {
	for n := range i.config.Pushes {
		_, err := openPush(i.config, n, noNonces{})
		i.fault(err)
	}
}

// noNonces stands for the store, which an inspection doesn't open.
type noNonces struct{}

func (noNonces) Mark(context.Context, string, string, time.Time) (bool, error) { return false, nil }
