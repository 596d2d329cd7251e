package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
	"github.com/zhengqiao/zhengqiao/internal/telemetry"
	"github.com/zhengqiao/zhengqiao/policies"
)

// App is one assembled gateway. Its listeners are bound, and answer once [App.Run] is called.
type App struct {
	config   *config.Config
	logger   *slog.Logger
	started  time.Time
	registry *prometheus.Registry

	trust     *trust
	policies  *policies.Engine
	sources   sources
	journal   *journal.Journal
	records   *evidence.Records
	broker    *exchange.Broker
	calls     *calls
	sight     *sight
	decisions *decisions
	changes   *changes // nil: no changes are synchronised
	server    *gateway.Server
	desk      *repair.Desk                  // nil: no changes, nothing to repair
	console   *console.Server               // nil: none
	workers   []func(context.Context) error // run beside the listeners until they end

	tracer         *telemetry.Tracer // nil: no traces are kept
	recordFailures prometheus.Counter

	stopping atomic.Bool                          // set when a stop was asked for; readiness fails from then on
	stopBy   time.Time                            // when it must be over; owned by watch until Run has seen its end
	after    func(time.Duration) <-chan time.Time // time.After
}

// Parts lets a benchmark leave something out. The zero value leaves out nothing; no configuration can set it.
type Parts struct {
	Verifier gateway.Verifier
	Signer   gateway.Signer
	Recorder exchange.Recorder
}

// Open assembles a gateway in the order in which its parts need each other. After an error nothing stays open.
func Open(ctx context.Context, c *config.Config, logger *slog.Logger, parts Parts) (*App, error) {
	a := &App{config: c, logger: logger, started: time.Now(), registry: prometheus.NewRegistry(), after: time.After}
	a.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if err := a.open(ctx, parts); err != nil {
		return nil, errors.Join(err, a.close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context, parts Parts) error {
	var err error
	if a.trust, err = openTrust(a.config); err != nil {
		return err
	}
	if a.policies, err = openPolicies(a.config); err != nil {
		return err
	}
	if err := a.openTelemetry(ctx); err != nil {
		return err
	}
	if a.calls, err = newCalls(a.registry); err != nil {
		return err
	}
	a.sight = newSight(a.config)
	if a.sources, err = openSources(a.config, a.outbound()); err != nil {
		return err
	}
	a.sources = a.sight.sources(a.sources)
	if err := a.openBroker(ctx, parts); err != nil {
		return err
	}
	return a.listen(ctx, parts)
}

func (a *App) openBroker(ctx context.Context, parts Parts) error {
	a.followSources()
	vault, pseudonyms, err := openVault(a.config)
	if err != nil {
		return err
	}
	identities, err := a.sources.identities(a.config)
	if err != nil {
		return err
	}
	if a.journal, a.records, err = openRecords(ctx, a.config, vault, a.logger); err != nil {
		return err
	}
	a.broker = &exchange.Broker{
		Decider: a.tracer.Decider(a.policies), Routes: a.sources.routes(a.config), Identities: identities, Encoder: gateway.Encoder{},
		Recorder: a.tracer.Recorder(a.counted(a.records)), Pseudonyms: pseudonyms, Digest: evidence.DigestHex, Clock: time.Now, Budget: a.config.Limits.Budget,
	}
	if parts.Recorder != nil {
		a.broker.Recorder = parts.Recorder
	}
	if err := a.openDecisions(ctx); err != nil {
		return err
	}
	if err := a.openChanges(ctx, vault); err != nil {
		return err
	}
	if err := a.openPolls(ctx); err != nil {
		return err
	}
	return a.lookAfter()
}

// listen makes the edge and binds its listeners.
func (a *App) listen(ctx context.Context, parts Parts) error {
	limits := gateway.Limits{BodyBytes: a.config.Limits.BodyBytes, InFlight: a.config.Limits.InFlight, Drain: a.config.Limits.Drain}
	if err := a.showIdentity(); err != nil {
		return err
	}
	pushes, err := a.openPushes(ctx, a.broker.Pseudonyms)
	if err != nil {
		return err
	}
	edge, err := a.edge(limits, parts, pushes)
	if err != nil {
		return err
	}
	a.broker.Observe = edge.Metrics().Attempt
	edge.Metrics().ShowTraces(telemetry.TraceID)
	listening := gateway.ServerConfig{Listen: a.config.Listen, OpsListen: a.config.OpsListen, Limits: limits, Logger: a.logger}
	if listening.TLS, err = openTLS(a.config); err != nil {
		return err
	}
	ops, err := a.opsHandler()
	if err != nil {
		return err
	}
	if err := a.openConsole(ctx); err != nil {
		return err
	}
	a.server, err = gateway.Listen(ctx, listening, edge, ops)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w; change listen or opsListen, or end what uses the address", err)
	}
	return err
}

func (a *App) edge(limits gateway.Limits, parts Parts, pushes []gateway.Push) (*gateway.Gateway, error) {
	verifier, signer, err := a.signatures(parts)
	if err != nil {
		return nil, err
	}
	deps := gateway.Deps{
		Broker: a.broker, Verifier: verifier, Signer: signer, Platforms: a.trust.platforms, Envelope: a.trust.envelopes(),
		Capabilities: newCoverage(a.config), Logger: a.logger, Clock: time.Now, Random: rand.Reader, Registry: a.registry, Limits: limits,
		Pushes: pushes, Accounts: a.decisions,
	}
	if a.tracer != nil {
		deps.Tracer = a.tracer
	}
	a.changes.offer(&deps, a.broker.Pseudonyms)
	return gateway.New(deps)
}

// nonceCapacity bounds the nonces remembered for one key: enough for some 8,000 requests/s of one platform over twice the window;
// each takes some 160 bytes.
const nonceCapacity = 1 << 20

// signatures makes what checks callers and signs answers. The nonces live in memory, at most that of several nodes, so nothing signed
// before this second is accepted: a request that an earlier process answered can't be played again.
func (a *App) signatures(parts Parts) (gateway.Verifier, gateway.Signer, error) {
	if parts.Verifier != nil {
		return parts.Verifier, parts.Signer, nil
	}
	nonces, err := a.nonces()
	if err != nil {
		return nil, nil, err
	}
	verifier, err := httpsig.NewVerifier(httpsig.VerifierConfig{
		Keys: a.trust.callers, Nonces: nonces, Now: time.Now,
		Window: a.config.Gateway.Window, AcceptFrom: a.acceptFrom(), Authorities: a.config.Gateway.Authorities,
	})
	if err != nil {
		return nil, nil, err
	}
	signer, err := httpsig.NewSigner(a.trust.keyID, a.trust.own[a.trust.keyID], time.Now, rand.Reader)
	return verifier, signer, err
}

// acceptFrom is the first whole second after the start: signatures state whole seconds.
func (a *App) acceptFrom() time.Time { return a.started.Truncate(time.Second).Add(time.Second) }

// URL and OpsURL give the addresses that were bound.
func (a *App) URL() string {
	if a.config.TLS.Certificate != "" {
		return "https://" + a.server.Addr().String()
	}
	return "http://" + a.server.Addr().String()
}

// OpsURL gives the operators' address.
func (a *App) OpsURL() string { return "http://" + a.server.OpsAddr().String() }

// Records gives the durable trace, for reading.
func (a *App) Records() *evidence.Records { return a.records }
