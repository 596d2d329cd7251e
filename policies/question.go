package policies

import (
	"context"
	"errors"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// question asks compiled policies for the value of one document. It is the engine's evaluator without the layer that turns
// answers into JSON, which costs a good part of a decision.
type question struct {
	compiler *ast.Compiler
	query    ast.QueryCompiler
	body     ast.Body
	store    storage.Store
	read     storage.Transaction
}

// answerVar is the variable that the answer is bound to.
const answerVar = ast.Var("answer")

// prepare readies the question for a document over compiled modules and their data.
func prepare(ctx context.Context, compiler *ast.Compiler, data map[string]any, document string) (*question, error) {
	query := compiler.QueryCompiler()
	body, err := ast.ParseBody(string(answerVar) + " = " + document)
	if err == nil {
		body, err = query.Compile(body)
	}
	if err != nil {
		return nil, fmt.Errorf("policies: prepare %s: %w", document, err)
	}
	store := inmem.NewFromObjectWithOpts(data, inmem.OptRoundTripOnWrite(false), inmem.OptReturnASTValuesOnRead(true))
	// One read transaction serves for good: nobody ever writes to this store.
	read, err := store.NewTransaction(ctx)
	if err != nil {
		return nil, fmt.Errorf("policies: open data: %w", err)
	}
	return &question{compiler: compiler, query: query, body: body, store: store, read: read}, nil
}

// ask evaluates the question for an input document, which may be nil, until ctx ends. It has exactly one answer; a built-in
// that fails fails the whole.
func (q *question) ask(ctx context.Context, input ast.Value) (ast.Value, error) {
	stop := topdown.NewCancel()
	defer context.AfterFunc(ctx, stop.Cancel)()
	query := topdown.NewQuery(q.body).WithQueryCompiler(q.query).WithCompiler(q.compiler).WithStore(q.store).
		WithTransaction(q.read).WithCancel(stop).WithStrictBuiltinErrors(true).WithMetrics(metrics.NoOp())
	if input != nil {
		query = query.WithInput(ast.NewTerm(input))
	}
	var answers []*ast.Term
	err := query.Iter(ctx, func(result topdown.QueryResult) error {
		answers = append(answers, result[answerVar])
		return nil
	})
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("evaluate policies: %w", context.Cause(ctx))
	case err != nil:
		return nil, fmt.Errorf("evaluate policies: %w", err)
	case len(answers) != 1 || answers[0] == nil:
		return nil, errors.New("evaluate policies: undefined result")
	}
	return answers[0].Value, nil
}
