package gateway

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/api"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// Broker takes a query down the one path; [exchange.Broker] is one.
type Broker interface {
	// Query answers or says why not; either has been recorded.
	Query(context.Context, *exchange.Query) (*exchange.Answer, error)
	// Refuse records that a signed request could not be understood and returns the refusal with its receipt.
	Refuse(context.Context, *exchange.Query, error) error
}

// Verifier proves who signed a request; [httpsig.Verifier] is one.
type Verifier interface {
	VerifyHTTP(request *http.Request, body []byte) (httpsig.Verified, error)
}

// Signer signs an answer by setting its header fields; [httpsig.Signer] is one.
type Signer interface {
	SignResponse(*httpsig.Response) (base []byte, err error)
}

// Deps is what a [Gateway] works with. All members but Envelope, Capabilities, Pushes, Changes, Feeds, Accounts, Metrics, Quotas and
// Limits are required, and Pseudonyms with Changes only.
type Deps struct {
	Broker       Broker
	Verifier     Verifier
	Signer       Signer
	Platforms    Platforms
	Envelope     Envelope     // nil: no payload can be encrypted
	Capabilities Capabilities // nil: an empty list
	Pushes       []Push       // addresses at which platforms announce changes in formats of their own
	Changes      Changes      // nil: reports of changes are not offered
	Pseudonyms   exchange.Pseudonyms
	Feeds        Feeds    // nil: no platform has a feed of changes
	Accounts     Accounts // nil: decisions are not explained
	Logger       *slog.Logger
	Clock        func() time.Time
	Random       io.Reader             // for request ids
	Registry     prometheus.Registerer // takes the metrics
	Tracer       Tracer                // nil: nobody follows requests
	Metrics      *Metrics              // nil: new ones, which Registry takes
	Quotas       *Quotas               // what platforms may ask; nil: as Limits say, the same for each
	Limits       Limits
}

func (d *Deps) check() error {
	missing := d.Broker == nil || d.Verifier == nil || d.Signer == nil || d.Platforms == nil ||
		d.Logger == nil || d.Clock == nil || d.Random == nil || d.Registry == nil ||
		d.Changes != nil && d.Pseudonyms == nil
	if missing {
		return errors.New("gateway: broker, verifier, signer, platforms, logger, clock, random and registry are required, and pseudonyms with changes")
	}
	return nil
}

// Gateway is the handler of the contract. Safe for concurrent use.
type Gateway struct {
	deps      Deps
	contract  *contract
	catalogue catalogue
	metrics   *Metrics
	pages     *pages
	reading   chan struct{} // holds one token for each document that is being sent
	strangers *strangers
	echo      *echo.Echo
}

// New makes the handler. It fails when something required is missing or the embedded contract is not usable, so that neither
// can fail later.
func New(deps Deps) (*Gateway, error) {
	if err := deps.check(); err != nil {
		return nil, err
	}
	deps.Limits.setDefaults()
	g := &Gateway{
		deps: deps, reading: make(chan struct{}, deps.Limits.Documents), strangers: newStrangers(deps.Limits.Strangers), echo: echo.New(),
	}
	var err error
	if g.contract, err = loadContract(); err != nil {
		return nil, err
	}
	if g.catalogue, err = loadCatalogue(); err != nil {
		return nil, err
	}
	if g.pages, err = loadPages(g.contract, g.catalogue); err != nil {
		return nil, err
	}
	if g.metrics = deps.Metrics; g.metrics == nil {
		if g.metrics, err = NewMetrics(deps.Registry); err != nil {
			return nil, err
		}
	}
	if g.deps.Quotas == nil {
		g.deps.Quotas = NewQuotas(QuotaConfig{Limits: deps.Limits}, deps.Clock)
	}
	g.route()
	return g, nil
}

// Metrics gives the counters that others may feed, such as the broker's attempts.
func (g *Gateway) Metrics() *Metrics { return g.metrics }

// ServeHTTP answers one request.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.echo.ServeHTTP(w, r) }

// route puts the steps in order. The contract says which operations need a signature; those that don't are documents, whose
// requests have no body to read and which take no place from those who sign.
func (g *Gateway) route() {
	g.echo.HTTPErrorHandler = g.fail
	g.echo.Pre(g.observe, g.shortcuts, g.canonicalPath)
	g.echo.Use(onlyContractMethods)
	steps := map[string][]echo.MiddlewareFunc{}
	for id, operation := range g.contract.operations {
		steps[id] = []echo.MiddlewareFunc{g.named(id), admit(g.reading)}
		if operation.signed {
			steps[id] = g.signedSteps(id, operation)
		}
	}
	api.RegisterHandlersWithOptions(g.echo, operations{g}, api.RegisterHandlersOptions{OperationMiddlewares: steps})
	g.routePushes()
}
