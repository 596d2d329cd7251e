package gateway

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed"
	"github.com/zhengqiao/zhengqiao/changefeed/reconcile"
	"github.com/zhengqiao/zhengqiao/changefeed/repair"
	"github.com/zhengqiao/zhengqiao/watch"
)

// Repairs shows how deliveries stand and takes orders that take time; [repair.Desk] is one.
type Repairs interface {
	Status(context.Context) ([]changefeed.Status, error)
	Parked(ctx context.Context, s changefeed.Selection, limit int) (first []changefeed.Parked, total int, err error)
	Preview(context.Context, changefeed.Selection) (changefeed.Preview, error)
	Meant(ctx context.Context, token string) (changefeed.Preview, error)
	Report(platform string) *reconcile.Report

	Replay(ctx context.Context, order repair.Order, token string, perSecond float64) (repair.Job, error)
	Skip(ctx context.Context, order repair.Order, token string) (repair.Job, error)
	Compare(ctx context.Context, order repair.Order, platform string) (repair.Job, error)
	Repair(ctx context.Context, order repair.Order, comparison string, perSecond float64) (repair.Job, error)
	Switch(ctx context.Context, order repair.Order, platform string, on bool) error

	Jobs() []repair.Job
	Job(id string) (repair.Job, error)
	Stop(ctx context.Context, order repair.Order, id string) (repair.Job, error)
}

// OperatorsDeps is what [Operators] work with. All members but Backups, BreakGlass, Decisions, Health and Reloads are required.
type OperatorsDeps struct {
	Repairs    Repairs
	Health     func() watch.Overview // nil: nothing is told of adapters
	Backups    Backups               // nil: none are made
	Decisions  Decisions             // nil: nothing of them is told
	BreakGlass BreakGlass            // nil: nobody has emergency access
	Reloads    Reloads               // nil: the configuration can't be reloaded from here
	Verifier   Verifier              // of operators' signatures, with a key ring and nonces of its own; the party of a key is the operator's id
	Signer     Signer
	Logger     *slog.Logger
	Clock      func() time.Time
	Random     io.Reader // for request ids
}

// Bounds of the operators' interface: its largest request has some 2 KiB, and operators are few.
const (
	operatorsBodyBytes = 16 << 10
	operatorsInFlight  = 32
)

// OperatorsPrefix begins every path of the operators' interface.
const OperatorsPrefix = "/ops/"

// Operators is the handler of the operators' interface, specs/operators.yaml. Nobody learns anything from it without the signature of a
// registered operator, not even which paths there are. It is safe for concurrent use.
type Operators struct {
	deps      OperatorsDeps
	contract  *contract
	catalogue catalogue
	routes    *http.ServeMux
	places    chan struct{}
}

// NewOperators makes the handler.
func NewOperators(deps OperatorsDeps) (*Operators, error) {
	if deps.Repairs == nil || deps.Verifier == nil || deps.Signer == nil || deps.Logger == nil || deps.Clock == nil || deps.Random == nil {
		return nil, errors.New("gateway: repairs, verifier, signer, logger, clock and random are required of operators")
	}
	o := &Operators{deps: deps, places: make(chan struct{}, operatorsInFlight)}
	var err error
	if o.catalogue, err = loadCatalogue(); err != nil {
		return nil, err
	}
	if o.contract, err = loadOperators(); err != nil {
		return nil, err
	}
	o.routes, err = o.route()
	return o, err
}

// ServeHTTP answers one request and writes the one log event of it.
func (o *Operators) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := &operatorVisit{request: r, received: o.deps.Clock()}
	done, err := o.guarded(w, v)
	o.send(w, v, done, err)
	o.deps.Logger.LogAttrs(r.Context(), v.level(), "operator", v.attributes(o.deps.Clock().Sub(v.received))...)
}
