package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/internal/freeport"
	"github.com/zhengqiao/zhengqiao/simulators"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

// Options are the demo's flags.
type Options struct {
	Dir, Listen, OpsListen string
	Console                string // address of the console; empty: none
	Once                   bool
	Out                    io.Writer // the tour; the gateway's own log goes to [LogName]
	Environ                []string
	// Walked looks at a gateway that has done all of the tour; nil: nobody does.
	Walked func(context.Context, *World, *app.App) error
}

// LogName is the file in the demo's folder that the gateway logs to, anew at each start: log lines must not land inside the tour.
const LogName = "gateway.log"

// World is a folder with everything that a gateway needs to run against stand-ins, and the stand-ins.
type World struct {
	StandIns *simulators.Running
	Citizens *citizen.Registry
	place    folder
	lock     *flock.Flock
}

// NewWorld makes the folder, starts the stand-ins and writes a configuration for a gateway on the two addresses. Keys and
// secrets that are there already are kept; the journal of an earlier run is not, since the stand-ins begin anew. The folder is taken until [World.Close]: another demo gets [ErrInUse] before it
// writes anything.
func NewWorld(dir, listen, opsListen string) (*World, error) {
	w := &World{place: folder{dir}}
	var err error
	if w.lock, err = w.place.claim(); err != nil {
		return nil, err
	}
	if err := w.fill(bindable(listen), bindable(opsListen)); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// fill starts the stand-ins and writes what a gateway on the two addresses needs to ask them.
func (w *World) fill(listen, opsListen string) error {
	secrets, err := w.place.prepare()
	if err != nil {
		return err
	}
	if err := w.place.forget(); err != nil {
		return err
	}
	if w.StandIns, w.Citizens, err = startStandIns(secrets); err != nil {
		return err
	}
	return w.write(listen, opsListen)
}

// write fills the folder with what belongs to this run.
func (w *World) write(listen, opsListen string) error {
	return errors.Join(
		w.place.writeConfig(listen, opsListen, w.StandIns),
		w.place.writePersonas(w.Citizens), w.place.writeQuestions(w.Citizens, time.Now()),
	)
}

// ConfigPath gives the configuration's file.
func (w *World) ConfigPath() string { return w.place.configPath() }

// Close stops the stand-ins and gives the folder free. The folder stays.
func (w *World) Close() error {
	var err error
	if w.StandIns != nil {
		err = w.StandIns.Close()
	}
	return errors.Join(err, w.lock.Unlock())
}

// Run starts everything, walks the tour and, unless Once is set, stays until ctx ends. With Once its error says which steps of
// the tour did not come out as they should.
func Run(ctx context.Context, o Options) error {
	world, err := NewWorld(o.Dir, o.Listen, o.OpsListen)
	if err != nil {
		return err
	}
	defer world.Close()
	if err := world.AddConsole(o.Console); err != nil {
		return err
	}
	if err := world.AddCanaries(); err != nil {
		return err
	}
	return o.withGateway(ctx, world, func(ctx context.Context, gateway *app.App) error {
		return o.show(ctx, world, gateway)
	})
}

// bindable turns port 0 into a free port, so that the configuration names an address that can be called.
func bindable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if err != nil || port != "0" {
		return address
	}
	if free, err := freeport.On(host, 1); err == nil {
		return free[0]
	}
	return address // to be refused by whoever binds it, with the reason
}

// withGateway runs a gateway on the folder's configuration beside use, and stops it when use returns.
func (o Options) withGateway(ctx context.Context, world *World, use func(context.Context, *app.App) error) error {
	settings, err := config.Load(world.ConfigPath(), o.Environ)
	if err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(world.place.dir, LogName), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("open the gateway's log: %w", err)
	}
	defer log.Close()
	gateway, err := app.Open(ctx, settings, settings.Logger(log), app.Parts{})
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w; for the demo these are --listen and --ops-listen", err)
	}
	if err != nil {
		return err
	}
	return beside(ctx, gateway, use)
}

// beside runs the gateway while use does its work.
func beside(ctx context.Context, gateway *app.App, use func(context.Context, *app.App) error) error {
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
func (o Options) show(ctx context.Context, world *World, gateway *app.App) error {
	if err := AwaitReady(ctx, gateway.OpsURL()); err != nil {
		return err
	}
	fmt.Fprintf(o.Out, "政桥 Zhengqiao: contract %s, docs %s/docs, health and metrics %s\n", gateway.URL(), gateway.URL(), gateway.OpsURL())
	tour, err := newTour(o, world, gateway)
	if err != nil {
		return err
	}
	failed := tour.walk(ctx)
	if o.Walked != nil {
		failed = errors.Join(failed, o.Walked(ctx, world, gateway))
	}
	if o.Once {
		return failed
	}
	if gateway.ConsoleURL() != "" {
		fmt.Fprintf(o.Out, "\nOpen in a browser 请用浏览器打开控制台: %s\n", gateway.ConsoleURL())
	}
	o.invite(world)
	return o.stay(ctx, world)
}
