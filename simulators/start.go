package simulators

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

// Platform says which stand-in to start, and where.
type Platform struct {
	Name    string          `json:"name"`    // empty: the kind; must differ between platforms
	Kind    string          `json:"kind"`    // a key of Constructors
	Address string          `json:"address"` // host:port to listen on; empty: any free port of 127.0.0.1
	Config  json.RawMessage `json:"config"`  // Config of that kind's package
}

// Settings is everything that Start needs.
type Settings struct {
	Registry  *citizen.Registry
	Clock     func() time.Time
	Platforms []Platform
	// Control is where the switches and counters of all platforms are served: <control>/<name>/_sim/faults and
	// <control>/<name>/_sim/calls, and the personas under <control>/_sim/personas. Empty: any free port of 127.0.0.1. An
	// address of another interface is refused.
	Control string
}

// Running is a set of started stand-ins.
type Running struct {
	platforms map[string]*standin.Server
	urls      map[string]string
	control   string
	servers   []*http.Server
	serving   sync.WaitGroup
}

// Start makes and starts every platform. After an error nothing keeps running.
func Start(settings Settings) (*Running, error) {
	running := &Running{platforms: map[string]*standin.Server{}, urls: map[string]string{}}
	err := running.start(settings)
	if err != nil {
		return nil, errors.Join(err, running.Close())
	}
	return running, nil
}

func (r *Running) start(settings Settings) error {
	control := http.NewServeMux()
	for _, platform := range settings.Platforms {
		if err := r.add(platform, settings, control); err != nil {
			return err
		}
	}
	control.HandleFunc("GET /_sim/personas", func(writer http.ResponseWriter, _ *http.Request) {
		writer.Header().Set("Content-Type", "application/json;charset=UTF-8")
		_ = json.NewEncoder(writer).Encode(settings.Registry.Personas()) // a caller that hung up misses nothing
	})
	return r.serveControl(settings.Control, control)
}

func (r *Running) add(platform Platform, settings Settings, control *http.ServeMux) error {
	name := platform.Name
	if name == "" {
		name = platform.Kind
	}
	construct, known := Constructors()[platform.Kind]
	if !known {
		return fmt.Errorf("simulators: unknown kind %q", platform.Kind)
	}
	if _, taken := r.platforms[name]; taken {
		return fmt.Errorf("simulators: two platforms are named %q", name)
	}
	server, err := construct(platform.Config, settings.Registry, settings.Clock)
	if err != nil {
		return fmt.Errorf("simulators: platform %s: %w", name, err)
	}
	url, err := r.serve(platform.Address, server)
	if err != nil {
		return fmt.Errorf("simulators: platform %s: %w", name, err)
	}
	control.Handle("/"+name+"/", http.StripPrefix("/"+name, server.Control()))
	r.platforms[name], r.urls[name] = server, url
	return nil
}

func (r *Running) serveControl(address string, handler http.Handler) error {
	if host, _, err := net.SplitHostPort(address); address != "" && (err != nil || !net.ParseIP(host).IsLoopback()) {
		return fmt.Errorf("simulators: control address %q is not on the loopback interface", address)
	}
	url, err := r.serve(address, standin.Loopback(handler))
	r.control = url
	return err
}

// serve listens on an address and gives its base URL.
func (r *Running) serve(address string, handler http.Handler) (string, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	r.servers = append(r.servers, server)
	r.serving.Go(func() { _ = server.Serve(listener) }) // it ends with ErrServerClosed, on Close
	return "http://" + listener.Addr().String(), nil
}

// URL gives the base address of a platform, without a slash at the end; empty for an unknown name.
func (r *Running) URL(name string) string { return r.urls[name] }

// ControlURL gives the base address of the control interface.
func (r *Running) ControlURL() string { return r.control }

// Platform gives a started stand-in, for its switches and counters; nil for an unknown name.
func (r *Running) Platform(name string) *standin.Server { return r.platforms[name] }

// Close stops everything at once, calls that are being delayed included. It may be called twice.
func (r *Running) Close() error {
	var problems []error
	for _, server := range r.servers {
		problems = append(problems, server.Close())
	}
	r.serving.Wait()
	return errors.Join(problems...)
}
