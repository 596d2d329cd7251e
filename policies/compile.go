package policies

import (
	"context"
	"errors"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// query is the document that holds the decision.
const query = "data.zhengqiao.decision.result"

// program is one revision of the policies, ready to be asked. It never changes, so a decision that holds one is of one revision
// throughout.
type program struct {
	revision string
	query    rego.PreparedEvalQuery
	reasons  map[string]exchange.Text
}

// build compiles a bundle, proves that its reasons have texts, and evaluates what doesn't depend on a request.
func build(ctx context.Context, b *bundle) (*program, error) {
	reasons, err := readReasons(b.data)
	if err != nil {
		return nil, err
	}
	if err := checkCodes(b.modules, reasons); err != nil {
		return nil, err
	}
	if b, err = settleTable(ctx, b); err != nil {
		return nil, err
	}
	compiler, err := compile(b)
	if err != nil {
		return nil, err
	}
	prepared, err := prepare(ctx, compiler, b.data, query)
	if err != nil {
		return nil, err
	}
	return &program{revision: b.revision, query: prepared, reasons: reasons}, nil
}

// prepare readies one query over compiled modules and the data. Its answers stay in the engine's own terms.
func prepare(ctx context.Context, compiler *ast.Compiler, data map[string]any, query string) (rego.PreparedEvalQuery, error) {
	store := inmem.NewFromObjectWithOpts(data, inmem.OptRoundTripOnWrite(false), inmem.OptReturnASTValuesOnRead(true))
	prepared, err := rego.New(
		rego.Query(query), rego.Compiler(compiler), rego.Store(store), rego.StrictBuiltinErrors(true),
		rego.GenerateJSON(func(term *ast.Term, _ *rego.EvalContext) (any, error) { return term.Value, nil }),
	).PrepareForEval(ctx)
	if err != nil {
		return rego.PreparedEvalQuery{}, fmt.Errorf("policies: prepare %s: %w", query, err)
	}
	return prepared, nil
}

// compile checks the modules in strict mode against the allowed built-ins and the input schema.
func compile(b *bundle) (*ast.Compiler, error) {
	compiler := newCompiler(b.schema)
	if compiler.Compile(b.modules); compiler.Failed() {
		return nil, fmt.Errorf("policies: compile: %w", compiler.Errors)
	}
	return compiler, nil
}

// newCompiler makes a compiler with our restrictions. Print statements are compiled rather than dropped, so that they are
// refused like every other function that isn't allowed.
func newCompiler(schema any) *ast.Compiler {
	compiler := ast.NewCompiler().WithStrict(true).WithEnablePrintStatements(true).
		WithCapabilities(capabilities()).WithDefaultRegoVersion(ast.RegoV1)
	if schema != nil {
		schemas := ast.NewSchemaSet()
		schemas.Put(ast.SchemaRootRef, schema)
		compiler = compiler.WithSchemas(schemas)
	}
	return compiler
}

// ask evaluates a prepared query that has exactly one value.
func ask(ctx context.Context, prepared rego.PreparedEvalQuery, options ...rego.EvalOption) (ast.Value, error) {
	results, err := prepared.Eval(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("evaluate policies: %w", err)
	}
	if len(results) != 1 || len(results[0].Expressions) != 1 {
		return nil, errors.New("evaluate policies: undefined result")
	}
	value, ok := results[0].Expressions[0].Value.(ast.Value)
	if !ok {
		return nil, errors.New("evaluate policies: result is not a value")
	}
	return value, nil
}
