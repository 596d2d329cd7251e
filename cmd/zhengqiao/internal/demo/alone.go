package demo

import (
	"fmt"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators"
)

// StandInOptions are the flags of a stand-in that runs alone.
type StandInOptions struct{ Kind, Dir, Listen, Control string }

// StandInKinds names the platforms that have a stand-in.
func StandInKinds() []string {
	var kinds []string
	for kind := range simulators.Constructors() {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}

// StartStandIn starts one stand-in with the folder's credentials and the demo's test citizens.
func StartStandIn(o StandInOptions) (*simulators.Running, error) {
	place := folder{o.Dir}
	secrets, err := place.prepare()
	if err != nil {
		return nil, err
	}
	registry, err := newCitizens()
	if err != nil {
		return nil, err
	}
	configs, err := standInConfigs(secrets)
	if err != nil {
		return nil, err
	}
	for _, config := range configs {
		if config.Kind == o.Kind {
			config.Address = o.Listen
			return simulators.Start(simulators.Settings{
				Registry: registry, Clock: time.Now, Platforms: []simulators.Platform{config}, Control: o.Control,
			})
		}
	}
	return nil, fmt.Errorf("no stand-in of %q; there are %v", o.Kind, StandInKinds())
}
