package app

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/gateway/policydesk"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
	"github.com/zhengqiao/zhengqiao/policies/publish"
)

// PolicyStanding is what the gateway tells about its policies.
type PolicyStanding struct {
	InForce  string           `json:"inForce"` // revision on the node that answers
	Standing publish.Standing `json:"standing"`
	Nodes    []nodeStanding   `json:"nodes"`
}

// withPolicyDesk puts the policy desk of the generation in force before the rest of the operators' address.
func (a *App) withPolicyDesk(rest http.Handler) http.Handler {
	if a.bundles == nil {
		return rest
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !policydesk.Serves(r.URL.Path) {
			rest.ServeHTTP(w, r)
			return
		}
		g := a.current.enter()
		defer g.leave()
		g.policies.ServeHTTP(w, r)
	})
}

// buildPolicyDesk makes the policy desk of a generation; nil where policies need no signature. Who its people are waits for a restart.
func (a *App) buildPolicyDesk(g *generation) (http.Handler, error) {
	if a.bundles == nil {
		return nil, nil
	}
	verifier, err := httpsig.NewVerifier(httpsig.VerifierConfig{
		Keys: a.bundles.register.Ring(), Nonces: a.bundles.nonces, Now: time.Now, Window: g.config.Gateway.Window,
		AcceptFrom: a.acceptFrom(), Authorities: g.config.OpsAuthorities,
	})
	if err != nil {
		return nil, err
	}
	signer, err := httpsig.NewSigner(g.trust.keyID, g.trust.own[g.trust.keyID], time.Now, rand.Reader)
	if err != nil {
		return nil, err
	}
	return policydesk.New(policyDesk{a}, verifier, signer, a.logger, publish.MaxPacked), nil
}

// policyDesk is the [policydesk.Desk] of a gateway.
type policyDesk struct{ app *App }

// Standing implements [policydesk.Desk].
func (d policyDesk) Standing(ctx context.Context) (any, error) { return d.app.PolicyStanding(ctx) }

// Publish implements [policydesk.Desk].
func (d policyDesk) Publish(ctx context.Context, bundle []byte) (any, error) {
	return d.done(ctx)(d.app.bundles.publisher.Publish(ctx, bundle))
}

// Rollback implements [policydesk.Desk].
func (d policyDesk) Rollback(ctx context.Context, order []byte) (any, error) {
	return d.done(ctx)(d.app.bundles.publisher.Rollback(ctx, order))
}

// done gives the answer after an act. This node follows at its next look at the board, like all others.
func (d policyDesk) done(ctx context.Context) func(publish.Standing, error) (any, error) {
	return func(_ publish.Standing, err error) (any, error) {
		if err == nil {
			return d.app.PolicyStanding(ctx)
		}
		d.app.activations.failed(err)
		if refusal, ok := errors.AsType[*publish.Refusal](err); ok {
			return nil, &policydesk.Refusal{Code: string(refusal.Code), Text: refusal.Text(), Detail: refusal.Err.Error()}
		}
		return nil, err
	}
}

// PolicyStanding tells which policies are in force, here and on each node. The error is the journal's, or that policies are not signed.
func (a *App) PolicyStanding(ctx context.Context) (*PolicyStanding, error) {
	if a.bundles == nil {
		return nil, errors.New("policies are local: nothing is published")
	}
	standing, err := a.bundles.publisher.Standing(ctx)
	if err != nil {
		return nil, err
	}
	answer := &PolicyStanding{InForce: a.policies.Revision(), Standing: standing, Nodes: []nodeStanding{}}
	nodes, _, err := a.bundles.board.nodes(ctx)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(nodes)) {
		answer.Nodes = append(answer.Nodes, nodes[name])
	}
	return answer, nil
}
