package policies

import (
	"context"
	"errors"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// consoleDocument holds the answer to what somebody may do in the console.
const consoleDocument = "data.zhengqiao.console.result"

// May says whether people of these roles may do something in the console, such as changes.replay, at the moment now.
//
// Every error is an [*exchange.Error]: PolicyRefused with reasons if they may not, PolicyUnavailable if that could not be decided, which
// callers treat as a refusal.
func (e *Engine) May(ctx context.Context, roles []string, action string, now time.Time) error {
	reasons, err := e.may(ctx, consoleInput(roles, action, now))
	switch {
	case err != nil:
		return exchange.Errorf(exchange.PolicyUnavailable, "decide what may be done: %w", err)
	case len(reasons) > 0:
		return &exchange.Error{Code: exchange.PolicyRefused, Reasons: reasons}
	}
	return nil
}

// may gives the reasons of a refusal; none is a permission.
func (e *Engine) may(ctx context.Context, document ast.Value) ([]exchange.Reason, error) {
	ctx, cancel := context.WithTimeout(ctx, e.options.Timeout)
	defer cancel()
	p := e.current.Load()
	value, err := p.console.ask(ctx, document)
	if err != nil {
		return nil, err
	}
	r := reader{reasons: p.reasons}
	result := r.object(value, "result")
	reasons, allow := r.refusals(result), r.flag(result, key.allow)
	if r.err == nil && allow == (len(reasons) > 0) {
		return nil, errors.New("malformed result: allow and reasons contradict each other")
	}
	return reasons, r.err
}

// consoleInput makes the input document (schema/console.json).
func consoleInput(roles []string, action string, now time.Time) ast.Value {
	had := make([]*ast.Term, len(roles))
	for i, role := range roles {
		had[i] = ast.StringTerm(role)
	}
	return ast.NewObject(
		pair{key.now, milliseconds(now)}, pair{key.roles, ast.ArrayTerm(had...)}, pair{key.action, ast.StringTerm(action)},
	)
}
