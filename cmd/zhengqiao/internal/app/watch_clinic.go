package app

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/watch"
	"github.com/zhengqiao/zhengqiao/watch/canary"
	"github.com/zhengqiao/zhengqiao/watch/doctor"
)

// Clinic tests connections, with adapters of its own or with those of a running gateway.
type Clinic struct {
	config    *config.Config
	sight     *sight
	sources   sources
	receivers receivers
}

// OpenClinic opens the adapters of a configuration for tests alone: no journal, no listener, so that a gateway may run beside it.
func OpenClinic(c *config.Config) (*Clinic, error) {
	k := &Clinic{config: c, sight: newSight(c)}
	deps := k.sight.deps(c, slog.New(slog.DiscardHandler), nil)
	var err error
	if k.sources, err = openSources(c, deps, k.sight.wiring); err != nil {
		return nil, err
	}
	k.sources = k.sight.sources(k.sources)
	if k.receivers, err = openReceivers(c, deps, k.sight.wiring); err != nil {
		_ = k.sources.close()
		return nil, err
	}
	k.receivers = k.sight.receivers(k.receivers)
	return k, nil
}

// Close drops the adapters.
func (k *Clinic) Close() error {
	_ = k.receivers.close()
	return k.sources.close()
}

// Adapters gives the ids of what can be tested.
func (k *Clinic) Adapters() []string {
	ids := map[string]bool{}
	for id := range k.sources {
		ids[id] = true
	}
	for id := range k.receivers {
		ids[id] = true
	}
	return slices.Sorted(maps.Keys(ids))
}

// Test makes the connection test of one adapter. An unknown id is NotFound.
func (k *Clinic) Test(ctx context.Context, id string) (doctor.Report, error) {
	if !slices.Contains(k.Adapters(), id) {
		return doctor.Report{}, exchange.Errorf(exchange.NotFound, "no adapter %q can be tested; there are %s", id, strings.Join(k.Adapters(), ", "))
	}
	sample, err := k.sample(id)
	if err != nil {
		return doctor.Report{}, err
	}
	patient := doctor.Patient{ID: id, Sample: sample, Clock: time.Now, Skew: k.config.Watch.Skew}
	for _, target := range k.sight.wiring.targets()[id] {
		for _, host := range target.hosts {
			patient.Hosts = append(patient.Hosts, doctor.Host{URL: host, Prober: prober{target.client}})
		}
	}
	report := doctor.Test(ctx, patient)
	if report.Passed() {
		k.sight.Tested(id)
	}
	return report, nil
}

// sample gives the harmless question of an adapter: its canary, or what a receiver holds first. nil: there is none.
func (k *Clinic) sample(id string) (func(context.Context) (string, error), error) {
	for i := range k.config.Canaries.Sources {
		if k.config.Canaries.Sources[i].Source != id {
			continue
		}
		question, err := k.sight.newQuestion(k.config, i, k.sources[id])
		if err != nil {
			return nil, err
		}
		return asking(question), nil
	}
	if receiver := k.receivers[id]; receiver != nil && receiver.Holdings != nil {
		return func(ctx context.Context) (string, error) {
			_, err := receiver.Holdings.Held(ctx, syncPurpose(k.config), "")
			return "", err
		}, nil
	}
	return nil, nil
}

// asking asks a canary's question and names what is wrong.
func asking(question *canary.Question) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		outcome, err := question.Ask(ctx)
		if err != nil || outcome == canary.Right {
			return "", err
		}
		return string(outcome), nil
	}
}

// prober is a client as the connection test knows it.
type prober struct{ client *outbound.Client }

// Connect implements [doctor.Prober].
func (p prober) Connect(ctx context.Context, host string) (doctor.Connection, error) {
	seen, err := p.client.Probe(ctx, host)
	return doctorConnection(seen), err
}

func doctorConnection(seen outbound.Probed) doctor.Connection {
	return doctor.Connection{
		Resolve: seen.Resolve, Connect: seen.Connect, Handshake: seen.Handshake, Secure: seen.Secure, CertUntil: seen.CertUntil,
	}
}

// Date implements [doctor.Prober].
func (p prober) Date(ctx context.Context, host string) (time.Time, error) {
	return p.client.Date(ctx, host)
}

// clinic gives the tests of the running gateway's own adapters, as they are configured now.
func (a *App) clinic() *Clinic {
	g := a.current.enter()
	defer g.leave()
	own := sources{}
	for id, leased := range g.sources {
		own[id] = leased.source
	}
	k := &Clinic{config: g.config, sight: a.sight, sources: steadySources(own, &a.current)}
	if a.changes != nil {
		k.receivers = a.changes.told.now()
	}
	return k
}

// TestConnection makes the connection test of one adapter, as `zhengqiao doctor` does. An unknown id is NotFound.
func (a *App) TestConnection(ctx context.Context, id string) (doctor.Report, error) {
	return a.clinic().Test(ctx, id)
}

// Overview gives what the tests showed.
func (k *Clinic) Overview() watch.Overview { return k.sight.Overview() }
