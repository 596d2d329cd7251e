package app

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/zhengqiao/zhengqiao/breakglass"
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

	trust       *trust
	policies    *policies.Engine
	activations *bundleCounts
	bundles     *bundles // nil: policies need no signature
	sources     sources  // the configured ones, over all reloads
	opened      sources  // the same, until the first generation has them
	journal     *journal.Journal
	records     *evidence.Records
	broker      *exchange.Broker
	calls       *calls
	sight       *sight
	decisions   *decisions
	changes     *changes // nil: no changes are synchronised
	server      *gateway.Server
	desk        *repair.Desk                  // nil: no changes, nothing to repair
	breakGlass  *breakglass.Desk              // nil: there are no operators who could have access
	console     *console.Server               // nil: none
	workers     []func(context.Context) error // run beside the listeners until they end

	parts        Parts
	metrics      *gateway.Metrics
	quotas       *gateway.Quotas
	callerNonces httpsig.NonceStore
	deskNonces   httpsig.NonceStore
	edgeDeps     gateway.Deps          // of every generation, but for what its configuration says
	deskDeps     gateway.OperatorsDeps // the same of the operators' interface
	current      inForce
	reloads      *reloads

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
	if a.sources, err = openSources(a.config, a.outbound(), a.sight.wiring); err != nil {
		return err
	}
	a.opened = a.sight.sources(a.sources)
	a.sources = steadySources(a.opened, &a.current)
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
		Recorder: a.tracer.Recorder(a.counted(a.records)), Pseudonyms: pseudonyms, Digest: evidence.DigestHex, Clock: time.Now, Budget: a.config.Limits.Budget, Study: a.policies,
		Meter: gateway.NewPurposeQuotas(),
	}
	if parts.Recorder != nil {
		a.broker.Recorder = parts.Recorder
	}
	if err := a.openBundles(ctx); err != nil {
		return err
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
	return a.lookAfter(ctx)
}

// listen makes the edge and binds its listeners.
func (a *App) listen(ctx context.Context, parts Parts) error {
	if err := a.showIdentity(); err != nil {
		return err
	}
	if err := a.prepareEdge(parts); err != nil {
		return err
	}
	ops, err := a.opsHandler(ctx)
	if err != nil {
		return err
	}
	ops = a.withPolicyDesk(ops)
	if err := a.openConsole(ctx); err != nil {
		return err
	}
	if err := a.begin(ctx); err != nil {
		return err
	}
	listening := gateway.ServerConfig{Listen: a.config.Listen, OpsListen: a.config.OpsListen, Limits: edgeLimits(a.config), Logger: a.logger}
	if a.config.TLS.Certificate != "" {
		listening.TLS = &tls.Config{MinVersion: tls.VersionTLS12, GetConfigForClient: a.current.tlsConfig}
	}
	a.server, err = gateway.Listen(ctx, listening, http.HandlerFunc(a.current.contract), ops)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w; change listen or opsListen, or end what uses the address", err)
	}
	return err
}

// prepareEdge makes what all generations have in common.
func (a *App) prepareEdge(parts Parts) error {
	var err error
	a.parts = parts
	if a.callerNonces, err = a.nonces(); err != nil {
		return err
	}
	a.deskNonces = httpsig.NewMemoryNonces(operatorNonces, time.Now)
	if a.metrics, err = gateway.NewMetrics(a.registry); err != nil {
		return err
	}
	a.metrics.ShowTraces(telemetry.TraceID)
	a.quotas = gateway.NewQuotas(quotas(a.config), time.Now)
	if err := a.registry.Register(a.quotas); err != nil {
		return err
	}
	a.edgeDeps = gateway.Deps{
		Logger: a.logger, Clock: time.Now, Random: rand.Reader, Registry: a.registry, Metrics: a.metrics, Quotas: a.quotas,
		Accounts: a.decisions,
	}
	if a.tracer != nil {
		a.edgeDeps.Tracer = a.tracer
	}
	a.changes.offer(&a.edgeDeps, a.broker.Pseudonyms)
	return nil
}

// nonceCapacity bounds the nonces remembered for one key: enough for some 8,000 requests/s of one platform over twice the window;
// each takes some 160 bytes.
const nonceCapacity = 1 << 20

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
