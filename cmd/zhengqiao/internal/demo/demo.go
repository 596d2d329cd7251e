package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/simulators"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

// Options are the demo's flags.
type Options struct {
	Dir, Listen, OpsListen string
	Once                   bool
	Out                    io.Writer
	Logger                 *slog.Logger
	Environ                []string
}

// Run starts everything, walks the tour and, unless Once is set, stays until ctx ends. With Once its error says which steps of
// the tour did not come out as they should.
func Run(ctx context.Context, o Options) error {
	place := folder{o.Dir}
	secrets, err := place.prepare()
	if err != nil {
		return err
	}
	standIns, registry, err := startStandIns(secrets)
	if err != nil {
		return err
	}
	defer standIns.Close()
	if err := place.write(o, standIns, registry); err != nil {
		return err
	}
	return o.withGateway(ctx, place, func(ctx context.Context, gateway *app.App) error {
		return o.show(ctx, place, gateway, standIns, registry)
	})
}

// write fills the folder with what belongs to this run.
func (f folder) write(o Options, standIns *simulators.Running, registry *citizen.Registry) error {
	return errors.Join(
		f.writeConfig(bindable(o.Listen), bindable(o.OpsListen), standIns),
		f.writePersonas(registry), f.writeQuestions(registry, time.Now()),
	)
}

// bindable turns port 0 into a free port, so that the configuration names an address that can be called.
func bindable(address string) string {
	if _, port, err := net.SplitHostPort(address); err != nil || port != "0" {
		return address
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return address
	}
	defer listener.Close()
	return listener.Addr().String()
}

// withGateway runs a gateway on the folder's configuration beside use, and stops it when use returns.
func (o Options) withGateway(ctx context.Context, place folder, use func(context.Context, *app.App) error) error {
	settings, err := config.Load(place.configPath(), o.Environ)
	if err != nil {
		return err
	}
	gateway, err := app.Open(ctx, settings, o.Logger, app.Parts{})
	if err != nil {
		return err
	}
	serving, stop := context.WithCancelCause(ctx)
	ended := make(chan error, 1)
	go func() {
		err := gateway.Run(serving)
		stop(err)
		ended <- err
	}()
	used := use(serving, gateway)
	stop(nil)
	return errors.Join(used, <-ended)
}

// show waits for the gateway, walks the tour and says what to try.
func (o Options) show(ctx context.Context, place folder, gateway *app.App, standIns *simulators.Running, registry *citizen.Registry) error {
	if err := awaitReady(ctx, gateway.OpsURL()); err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "政桥 Zhengqiao: contract %s, docs %s/docs, health and metrics %s\n", gateway.URL(), gateway.URL(), gateway.OpsURL())
	tour, err := newTour(o, place, gateway, standIns, registry)
	if err != nil {
		return err
	}
	failed := tour.walk(ctx)
	if o.Once {
		return failed
	}
	o.invite(place, standIns)
	return o.stay(ctx, place, registry)
}

func (o Options) invite(place folder, standIns *simulators.Running) {
	fmt.Fprintf(o.Out, `
Try, from another shell:
  go run ./cmd/zhengqiao call licence.query --config %[1]s/zhengqiao.yaml --as suishenban < %[1]s/questions/normal-shanghai.licence.json
  go run ./cmd/zhengqiao call violations.query --config %[1]s/zhengqiao.yaml --as zheliban < %[1]s/questions/unprocessed-violations.violations.json
  go run ./cmd/zhengqiao call capabilities --config %[1]s/zhengqiao.yaml --as wechat-city
Test citizens and what each shows: %[1]s/personas.json
Make a platform fail: curl -d '{"kind":"delay","duration":"2s"}' %[2]s/tmri/_sim/faults   (and -X DELETE to mend it)
Ctrl-C ends the demo.
`, place.dir, standIns.ControlURL())
}

// freshEvery is how often the ready questions are written anew: an authentication counts for 15 minutes.
const freshEvery = 5 * time.Minute

// stay keeps the ready questions fresh until ctx ends.
func (o Options) stay(ctx context.Context, place folder, registry *citizen.Registry) error {
	ticker := time.NewTicker(freshEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-ticker.C:
			if err := place.writeQuestions(registry, now); err != nil {
				return err
			}
		}
	}
}

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
