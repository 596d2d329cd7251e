package policies

import (
	"context"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// asking is one request on its way to a decision. It makes the input document and starts the limit of time when something has to
// be evaluated; most requests need neither. It belongs to one goroutine.
type asking struct {
	request *exchange.DecisionRequest
	engine  *Engine
	caller  context.Context

	evaluating context.Context // nil: nothing was evaluated yet
	cancel     context.CancelFunc
	wanted     fieldTerms
	document   ast.Object
}

func (a *asking) close() {
	if a.cancel != nil {
		a.cancel()
	}
}

// begin readies the evaluation, once.
func (a *asking) begin() {
	if a.evaluating == nil {
		a.evaluating, a.cancel = context.WithTimeout(a.caller, a.engine.options.Timeout)
		a.wanted = a.engine.wanted(a.request)
		a.document = input(a.request, a.wanted)
	}
}

// ask evaluates a question for the request.
func (a *asking) ask(q *question) (ast.Value, error) {
	a.begin()
	return q.ask(a.evaluating, a.document)
}

// usualText is room for what a decision depends on; longer ones make it grow.
const usualText = 512

// textOf writes down parts of the request.
func (a *asking) textOf(text []byte, read []part) []byte {
	for _, one := range read {
		text = one(text, a.request)
	}
	return text
}
