package demo

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators"
)

// StandInOptions are the flags of a stand-in that runs alone.
type StandInOptions struct{ Kind, Dir, Listen, Control string }

// StandInKinds names, sorted, the platforms that the demo has a stand-in of.
func StandInKinds() []string {
	var kinds []string
	for _, standIn := range standIns(credentials{}) {
		kinds = append(kinds, standIn.kind)
	}
	slices.Sort(kinds)
	return kinds
}

// StandIn is a stand-in that runs alone.
type StandIn struct {
	*simulators.Running
	// Sources is the part of a configuration that asks it: a YAML list below sources, its credentials by reference. Empty: it
	// can't be asked.
	Sources string
	// Receivers is the part that tells it of changes: a YAML list below receivers. Empty: it is told of none.
	Receivers string
}

// StartStandIn starts one stand-in with the folder's credentials and the demo's test citizens.
func StartStandIn(o StandInOptions) (*StandIn, error) {
	place := folder{o.Dir}
	secrets, err := place.prepare()
	if err != nil {
		return nil, err
	}
	registry, err := newCitizens()
	if err != nil {
		return nil, err
	}
	platform, err := o.platform(secrets)
	if err != nil {
		return nil, err
	}
	running, err := simulators.Start(simulators.Settings{
		Registry: registry, Clock: time.Now, Platforms: []simulators.Platform{platform}, Control: o.Control,
	})
	if err != nil {
		return nil, err
	}
	return o.describe(place, running)
}

func (o StandInOptions) platform(secrets credentials) (simulators.Platform, error) {
	configs, err := standInConfigs(secrets)
	if err != nil {
		return simulators.Platform{}, err
	}
	for _, config := range configs {
		if config.Kind == o.Kind {
			config.Address = o.Listen
			return config, nil
		}
	}
	return simulators.Platform{}, fmt.Errorf("no stand-in of %q; there are %s", o.Kind, strings.Join(StandInKinds(), ", "))
}

// describe says how a configuration anywhere asks the stand-in: its references are absolute.
func (o StandInOptions) describe(place folder, running *simulators.Running) (*StandIn, error) {
	keys, err := filepath.Abs(place.keys())
	if err == nil {
		standIn, filled := &StandIn{Running: running}, settings{Keys: keys, running: running}
		if standIn.Sources, err = filled.fill(o.Kind); err == nil {
			standIn.Receivers, err = filled.fill(o.Kind + ".receiver")
		}
		if err == nil {
			return standIn, nil
		}
	}
	return nil, errors.Join(err, running.Close())
}

// Switches gives the address at which a stand-in's faults are set (POST), listed (GET) and mended (DELETE).
func Switches(running *simulators.Running, kind string) string {
	return running.ControlURL() + "/" + kind + "/_sim/faults"
}
