package trial

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/zhengqiao/zhengqiao/policies"
)

// Program is a draft that compiles. It remembers what depends on no input, so it is for one goroutine at a time.
type Program struct {
	draft    *policies.Draft
	compiler *ast.Compiler
	store    storage.Store
	read     storage.Transaction
	prepared map[string]prepared
	table    topdown.VirtualCache
}

type prepared struct {
	query ast.QueryCompiler
	body  ast.Body
}

// Compile compiles a draft with further modules, such as tests, under the restrictions of production. A fault in them is an
// [ast.Errors].
func Compile(draft *policies.Draft, further map[string]*ast.Module) (*ast.Compiler, error) {
	modules := maps.Clone(draft.Modules)
	maps.Copy(modules, further)
	compiler := draft.Compiler()
	if compiler.Compile(modules); compiler.Failed() {
		return nil, compiler.Errors
	}
	return compiler, nil
}

// New readies a draft and further modules to be asked.
func New(ctx context.Context, draft *policies.Draft, further map[string]*ast.Module) (*Program, error) {
	compiler, err := Compile(draft, further)
	if err != nil {
		return nil, err
	}
	return WithCompiler(ctx, draft, compiler)
}

// WithCompiler readies a draft whose modules are compiled already: a change of the data alone needs no new compilation.
func WithCompiler(ctx context.Context, draft *policies.Draft, compiler *ast.Compiler) (*Program, error) {
	store := inmem.NewFromObjectWithOpts(draft.Data, inmem.OptRoundTripOnWrite(false), inmem.OptReturnASTValuesOnRead(true))
	read, err := store.NewTransaction(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the data: %w", err)
	}
	return &Program{
		draft: draft, compiler: compiler, store: store, read: read, prepared: map[string]prepared{}, table: topdown.NewVirtualCache(),
	}, nil
}

// Compiler gives the compiled modules.
func (p *Program) Compiler() *ast.Compiler { return p.compiler }

// Draft gives what was compiled.
func (p *Program) Draft() *policies.Draft { return p.draft }

// Ask gives the value of a document or another expression, such as data.zhengqiao.decision.result, for an input, which may be nil;
// nil where it is undefined. Tracers are told of each step; what was remembered from an earlier question is no step any more.
func (p *Program) Ask(ctx context.Context, expression string, input ast.Value, tracers ...topdown.QueryTracer) (ast.Value, error) {
	stop := topdown.NewCancel()
	defer context.AfterFunc(ctx, stop.Cancel)()
	query, err := p.query(stop, expression, input, tracers)
	if err != nil {
		return nil, err
	}
	return answerTo(ctx, query.WithVirtualCache(&tableCache{own: topdown.NewVirtualCache(), table: p.table}))
}

// Follow gives the value as [Program.Ask] does and tells the tracer of every step: no rule is passed over because an index or an
// earlier question shows already that it won't matter.
func (p *Program) Follow(ctx context.Context, expression string, input ast.Value, tracer topdown.QueryTracer) (ast.Value, error) {
	stop := topdown.NewCancel()
	defer context.AfterFunc(ctx, stop.Cancel)()
	query, err := p.query(stop, expression, input, []topdown.QueryTracer{tracer})
	if err != nil {
		return nil, err
	}
	return answerTo(ctx, query.WithIndexing(false).WithEarlyExit(false))
}

// answer is the variable that an answer is bound to.
const answer = ast.Var("answer")

func (p *Program) query(stop topdown.Cancel, expression string, input ast.Value, tracers []topdown.QueryTracer) (*topdown.Query, error) {
	ready, err := p.prepare(expression)
	if err != nil {
		return nil, err
	}
	query := topdown.NewQuery(ready.body).WithQueryCompiler(ready.query).WithCompiler(p.compiler).WithStore(p.store).
		WithTransaction(p.read).WithCancel(stop).WithStrictBuiltinErrors(true).WithMetrics(metrics.NoOp())
	if input != nil {
		query = query.WithInput(ast.NewTerm(input))
	}
	for _, tracer := range tracers {
		query = query.WithQueryTracer(tracer)
	}
	return query, nil
}

func (p *Program) prepare(expression string) (prepared, error) {
	if ready, ok := p.prepared[expression]; ok {
		return ready, nil
	}
	query := p.compiler.QueryCompiler()
	body, err := ast.ParseBody(string(answer) + " = " + expression)
	if err == nil {
		body, err = query.Compile(body)
	}
	if err != nil {
		return prepared{}, fmt.Errorf("prepare %s: %w", expression, err)
	}
	p.prepared[expression] = prepared{query, body}
	return p.prepared[expression], nil
}

func answerTo(ctx context.Context, query *topdown.Query) (ast.Value, error) {
	var answers []ast.Value
	err := query.Iter(ctx, func(result topdown.QueryResult) error {
		answers = append(answers, result[answer].Value)
		return nil
	})
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil:
		return nil, err
	case len(answers) > 1:
		return nil, errors.New("more than one answer")
	case len(answers) == 0:
		return nil, nil
	}
	return answers[0], nil
}
