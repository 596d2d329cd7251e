package app

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed/reconcile"
	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// operatorKeys loads the operators' keys. They are apart from the platforms': neither can act as the other. The error tells of every
// key that can't be loaded.
func operatorKeys(c *config.Config) (*keys.Ring, error) {
	var records []keys.Record
	var wrong error
	for i, operator := range c.Operators {
		for k, key := range operator.Keys {
			public, err := files(c).PublicKey(key.Public)
			wrong = errors.Join(wrong, c.At(fmt.Sprintf("$.operators[%d].keys[%d].public", i, k), err))
			records = append(records, keys.Record{
				ID: key.ID, Party: operator.ID, Algorithm: keys.AlgorithmSign, Key: public, NotBefore: key.NotBefore, NotAfter: key.NotAfter,
			})
		}
	}
	if wrong != nil {
		return nil, wrong
	}
	return keys.NewRing(records...)
}

// opsHandler is everything on the operators' address: health and metrics for whoever can reach it, repair for who signs.
func (a *App) opsHandler(ctx context.Context) (http.Handler, error) {
	health := a.ops()
	if a.changes == nil {
		return health, nil
	}
	desk, err := a.openDesk()
	if a.desk = desk; err != nil {
		return health, err
	}
	a.prepareOperators()
	if err := a.openBreakGlass(ctx); err != nil {
		return health, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g := a.current.enter()
		defer g.leave()
		if g.operators != nil && strings.HasPrefix(r.URL.Path, gateway.OperatorsPrefix) {
			g.operators.ServeHTTP(w, r)
			return
		}
		health.ServeHTTP(w, r)
	}), nil
}

// openDesk makes the desk for repairs, whose jobs run beside the listeners, and its metrics.
func (a *App) openDesk() (*repair.Desk, error) {
	c := a.changes
	holders := func(platform string) (reconcile.Holder, bool) {
		receiver := c.told.now()[platform]
		if receiver == nil || receiver.Holdings == nil {
			return reconcile.Holder{}, false
		}
		return reconcile.Holder{Holdings: receiver.Holdings, Purpose: syncPurpose(a.config)}, true
	}
	desk := repair.NewDesk(repair.Config{
		Dispatcher: c.dispatcher, Parking: c.parking, Recorder: a.broker.Recorder, Clock: time.Now, Logger: a.logger,
		Reconciler: reconcile.New(reconcile.Config{Book: c.book, Ledger: c.ledger, Feed: c.dispatcher, Holders: holders, Clock: time.Now}),
	})
	metrics, err := gateway.NewChangeMetrics(a.registry, desk, time.Now, a.logger)
	if err != nil {
		return nil, err
	}
	a.workers = append(a.workers, desk.Run, metrics.Run)
	return desk, nil
}

// operatorNonces bounds the nonces remembered for one operator's key.
const operatorNonces = 1 << 16

// prepareOperators makes what the operators' interface of all generations has in common.
func (a *App) prepareOperators() {
	a.deskDeps = gateway.OperatorsDeps{
		Repairs: a.desk, Reloads: ordered{a}, Health: a.Overview, Decisions: a.decisions, Logger: a.logger, Clock: time.Now, Random: rand.Reader,
	}
	if backups := a.newBackups(); backups != nil {
		a.deskDeps.Backups = backups
		a.workers = append(a.workers, backups.Run)
	}
}

// buildOperators makes the operators' interface of a generation; nil where nobody may operate.
func (a *App) buildOperators(g *generation) (http.Handler, error) {
	if a.desk == nil || len(g.config.Operators) == 0 {
		return nil, nil
	}
	ring, err := operatorKeys(g.config)
	if err != nil {
		return nil, err
	}
	deps := a.deskDeps
	deps.Verifier, err = httpsig.NewVerifier(httpsig.VerifierConfig{
		Keys: ring, Nonces: a.deskNonces, Now: time.Now, Window: g.config.Gateway.Window, AcceptFrom: a.acceptFrom(),
		Authorities: g.config.OpsAuthorities,
	})
	if err != nil {
		return nil, err
	}
	if deps.Signer, err = httpsig.NewSigner(g.trust.keyID, g.trust.own[g.trust.keyID], time.Now, rand.Reader); err != nil {
		return nil, err
	}
	broker, err := a.buildBroker(g)
	if err != nil {
		return nil, err
	}
	if a.breakGlass != nil {
		deps.BreakGlass = a.breakGlass.Through(broker)
	}
	return gateway.NewOperators(deps)
}
