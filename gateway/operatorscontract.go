package gateway

import (
	"context"
	"fmt"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/specs"
)

// loadOperators reads specs/operators.yaml.
func loadOperators() (*contract, error) {
	document, err := openapi3.NewLoader().LoadFromData(specs.Operators())
	if err != nil {
		return nil, fmt.Errorf("read operators.yaml: %w", err)
	}
	if err := document.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("check operators.yaml: %w", err)
	}
	c := &contract{document: document, operations: map[string]operation{}}
	for _, item := range document.Paths.Map() {
		for _, declared := range item.Operations() {
			if elsewhere(declared) {
				continue
			}
			c.operations[declared.OperationID] = operation{signed: true, body: jsonBody(declared)}
		}
	}
	return c, nil
}

// elsewhere says of an operation whether a desk of its own serves it, as package policydesk does, before a request comes here.
func elsewhere(declared *openapi3.Operation) bool { return declared.Extensions["x-desk"] != nil }

// operatorHandler does what one operation asks for, and gives the answer's status and body.
type operatorHandler func(context.Context, *operatorVisit) (outcome, error)

// outcome is an answer that is no problem.
type outcome struct {
	status int
	body   any
}

// operatorHandlers gives the handler of each operation, by operationId.
func (o *Operators) operatorHandlers() map[string]operatorHandler {
	return map[string]operatorHandler{
		"getChangeStatus": o.status, "listParked": o.listParked, "previewParked": o.preview, "replayParked": o.replay, "skipParked": o.skip,
		"listJobs": o.listJobs, "getJob": o.getJob, "stopJob": o.stopJob, "enablePlatform": o.enable, "disablePlatform": o.disable,
		"getHealth": o.health, "reconcilePlatform": o.compare, "getReport": o.report, "repairPlatform": o.repair,
		"reloadConfiguration": o.reload, "startBackup": o.startBackup, "getBackup": o.getBackup,
		"listOpenings": o.listOpenings, "openAccess": o.openAccess, "confirmAccess": o.confirmAccess, "closeAccess": o.closeAccess,
		"queryAccess": o.queryAccess,
		"readInputs":  o.readInputs, "getShadow": o.shadow,
	}
}

// route puts each operation where the contract says. It fails when one has no handler.
func (o *Operators) route() (*http.ServeMux, error) {
	mux, handlers := http.NewServeMux(), o.operatorHandlers()
next:
	for path, item := range o.contract.document.Paths.Map() {
		allowed := ""
		for method, declared := range item.Operations() {
			if elsewhere(declared) {
				continue next
			}
			handler, ok := handlers[declared.OperationID]
			if !ok {
				return nil, fmt.Errorf("operators.yaml has an operation %s that nobody handles", declared.OperationID)
			}
			allowed = method // no path has two
			mux.Handle(method+" "+path, reached{declared.OperationID, handler})
		}
		mux.Handle(path, reached{handler: func(_ context.Context, v *operatorVisit) (outcome, error) {
			v.allow = allowed
			return outcome{}, &exchange.Error{Code: exchange.MethodNotAllowed}
		}})
	}
	return mux, nil
}

// reached is what the mux finds for a request. It serves nothing by itself.
type reached struct {
	operation string // empty: the path is right, the method is not
	handler   operatorHandler
}

func (reached) ServeHTTP(http.ResponseWriter, *http.Request) {}

// find gives the operation that a request is for and fills in the request's path values.
func (o *Operators) find(r *http.Request) (reached, error) {
	if !canonical(r.URL.Path) || r.RequestURI != r.URL.Path {
		return reached{}, notFoundOrQuery(r)
	}
	handler, pattern := o.routes.Handler(r)
	found, ok := handler.(reached)
	if !ok || pattern == "" {
		return reached{}, &exchange.Error{Code: exchange.NotFound}
	}
	return found, nil
}

func notFoundOrQuery(r *http.Request) error {
	if canonical(r.URL.Path) && (r.URL.RawQuery != "" || r.URL.ForceQuery) {
		return invalid(fault("", faultQueryString))
	}
	return &exchange.Error{Code: exchange.NotFound}
}
