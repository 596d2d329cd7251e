package app

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// build makes the generation of a configuration. What did not change since the one before, if there is one, is shared with it. After an
// error nothing of it stays.
func (a *App) build(ctx context.Context, c *config.Config, before *generation) (*generation, error) {
	g := &generation{config: c, sources: map[string]*leased{}}
	g.open(g.letGo)
	err := a.fill(ctx, g, before)
	if err != nil {
		g.leave()
		return nil, err
	}
	return g, nil
}

func (a *App) fill(ctx context.Context, g, before *generation) error {
	var err error
	if g.trust, err = openTrust(g.config); err != nil {
		return err
	}
	if g.tls, err = openTLS(g.config); err != nil {
		return err
	}
	if g.tls == nil && before != nil {
		g.tls = before.tls // the listener stays HTTPS until a restart
	}
	if err = a.lease(g, before); err != nil {
		return err
	}
	if g.edge, err = a.buildEdge(ctx, g); err != nil {
		return err
	}
	if g.operators, err = a.buildOperators(g); err != nil {
		return err
	}
	g.policies, err = a.buildPolicyDesk(g)
	return err
}

// lease gives the generation its sources: those of the one before where nothing changed, new ones otherwise. The error tells of each
// setting that is wrong.
func (a *App) lease(g, before *generation) error {
	var wrong error
	for i := range g.config.Sources {
		configured := &g.config.Sources[i]
		print := printOf(g.config, configured, configured.ID, configured.Kind, configured.Region)
		if before != nil {
			if old := before.sources[configured.ID]; old != nil && old.print == print && old.enter() {
				g.sources[configured.ID] = old
				continue
			}
		}
		source, err := a.openOne(g.config, i)
		if err != nil {
			wrong = errors.Join(wrong, err)
			continue
		}
		g.sources[source.ID] = newLeased(source, print, func(err error) { a.logger.Warn("close a source", "source", source.ID, "error", err) })
	}
	return wrong
}

// openOne gives a source, watched and followed as every other: the one that was opened at the start, or else a new one.
func (a *App) openOne(c *config.Config, i int) (*exchange.Source, error) {
	id := c.Sources[i].ID
	if source, opened := a.opened[id]; opened {
		delete(a.opened, id)
		return source, nil
	}
	source, err := openSource(c, i, a.outboundOf(c), a.sight.wiring)
	if err != nil {
		return nil, err
	}
	watched := a.sight.sources(sources{id: source})[id]
	a.tracer.Source(watched)
	return watched, nil
}

// outboundOf is what the adapters of another configuration than the first are given.
func (a *App) outboundOf(c *config.Config) outbound.Deps {
	deps := a.outbound()
	deps.Secrets = files(c).Text
	return deps
}

// buildBroker makes the broker of the generation. What has nothing to do with its configuration is the first one's.
func (a *App) buildBroker(g *generation) (*exchange.Broker, error) {
	own := sources{}
	for id, leased := range g.sources {
		own[id] = leased.source
	}
	identities, err := own.identities(g.config)
	if err != nil {
		return nil, err
	}
	broker := *a.broker
	broker.Routes, broker.Identities, broker.Budget, broker.Observe = own.routes(g.config), identities, g.config.Limits.Budget, a.metrics.Attempt
	return &broker, nil
}

func (a *App) buildEdge(ctx context.Context, g *generation) (http.Handler, error) {
	broker, err := a.buildBroker(g)
	if err != nil {
		return nil, err
	}
	verifier, signer, err := a.buildSignatures(g)
	if err != nil {
		return nil, err
	}
	deps := a.edgeDeps
	if deps.Pushes, err = a.openPushes(ctx, g.config); err != nil {
		return nil, err
	}
	deps.Broker, deps.Verifier, deps.Signer, deps.Platforms, deps.Envelope = broker, verifier, signer, g.trust.platforms, g.trust.envelopes()
	deps.Capabilities, deps.Limits = newCoverage(g.config), edgeLimits(g.config)
	return gateway.New(deps)
}

// buildSignatures makes what checks callers and signs answers. The nonces outlive a generation: what one has answered, none answers again.
func (a *App) buildSignatures(g *generation) (gateway.Verifier, gateway.Signer, error) {
	if a.parts.Verifier != nil {
		return a.parts.Verifier, a.parts.Signer, nil
	}
	verifier, err := httpsig.NewVerifier(httpsig.VerifierConfig{
		Keys: g.trust.callers, Nonces: a.callerNonces, Now: time.Now,
		Window: g.config.Gateway.Window, AcceptFrom: a.acceptFrom(), Authorities: g.config.Gateway.Authorities,
	})
	if err != nil {
		return nil, nil, err
	}
	signer, err := httpsig.NewSigner(g.trust.keyID, g.trust.own[g.trust.keyID], time.Now, rand.Reader)
	return verifier, signer, err
}

func edgeLimits(c *config.Config) gateway.Limits {
	return gateway.Limits{BodyBytes: c.Limits.BodyBytes, InFlight: c.Limits.InFlight, Budget: c.Limits.Budget, Drain: c.Limits.Drain}
}

// quotas gives what each platform of a configuration may ask.
func quotas(c *config.Config) gateway.QuotaConfig {
	standard := c.Limits.Quota
	all := gateway.QuotaConfig{Limits: edgeLimits(c), Default: platformQuota(standard), Platforms: map[string]gateway.PlatformQuota{}}
	for i := range c.Platforms {
		all.Platforms[c.Platforms[i].ID] = platformQuota(c.Platforms[i].Quota.Or(standard))
	}
	return all
}

func platformQuota(q config.Quota) gateway.PlatformQuota {
	return gateway.PlatformQuota{
		Weight: q.Weight, Queries: gateway.Quota(q.Queries), Reports: gateway.Quota(q.Changes), Feed: gateway.Quota(q.Feed),
	}
}
