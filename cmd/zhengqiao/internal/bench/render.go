package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
)

const (
	sourceID = "tmri"            // in the demo's configuration, and the stand-in's name
	persona  = "normal-shanghai" // who is asked about
)

// render has the real adapter ask the real stand-in once and keeps the reply, so that what is replayed is the platform's wire
// format to the byte. The world's configuration names the relay afterwards.
func render(ctx context.Context, world *demo.World) (reply []byte, relayURL string, err error) {
	listener, err := net.Listen("tcp", anyPort)
	if err != nil {
		return nil, "", err
	}
	relay, relayURL := &tee{target: world.StandIns.URL(sourceID)}, "http://"+listener.Addr().String()
	server := &http.Server{Handler: relay, ReadHeaderTimeout: patience}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	if err = redirect(world.ConfigPath(), relay.target, relayURL); err == nil {
		err = askOnce(ctx, world)
	}
	err = errors.Join(err, server.Close())
	<-ended // always http.ErrServerClosed now
	return relay.reply, relayURL, err
}

// redirect changes an address in a configuration.
func redirect(path, from, to string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !bytes.Contains(text, []byte(from)) {
		return fmt.Errorf("%s does not name %s", path, from)
	}
	return os.WriteFile(path, bytes.ReplaceAll(text, []byte(from), []byte(to)), 0o600)
}

// askOnce puts the benchmark's question by the configured adapter.
func askOnce(ctx context.Context, world *demo.World) error {
	settings, err := config.Load(world.ConfigPath(), nil)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(settings.Sources, func(s config.Source) bool { return s.ID == sourceID })
	if i < 0 {
		return fmt.Errorf("the configuration has no source %s", sourceID)
	}
	asked := &settings.Sources[i]
	source, err := adapters.Kinds()[asked.Kind](asked.ID, exchange.Region(asked.Region), asked.Decode, outbound.Deps{
		Secrets: keys.Files{Root: settings.Folder()}.Text,
	})
	if err != nil {
		return err
	}
	question, err := question(world.Citizens)
	if err == nil {
		_, err = source.Licences.Licence(ctx, question)
	}
	if err != nil {
		err = fmt.Errorf("ask the stand-in: %w", err)
	}
	if source.Close != nil {
		err = errors.Join(err, source.Close())
	}
	return err
}

func question(citizens *citizen.Registry) (exchange.SourceRequest, error) {
	for _, known := range citizens.Personas() {
		if known.Key == persona {
			number, err := exchange.ParseIDNumber(known.IDNumber, time.Now())
			return exchange.SourceRequest{Subject: exchange.Subject{Name: known.Name, IDNumber: number}, Now: time.Now()}, err
		}
	}
	return exchange.SourceRequest{}, fmt.Errorf("nobody is called %s", persona)
}
