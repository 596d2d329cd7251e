package policies

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// decisionDocument holds the decision.
const decisionDocument = "data.zhengqiao.decision.result"

// program is one revision of the policies, ready to be asked. But for what it remembers it never changes, so a decision that holds
// one is of one revision throughout.
type program struct {
	revision   string
	files      map[string][]byte // that it was made of, by path
	data       map[string]any    // as they say it
	question   *question         // what may be seen
	announce   *question         // who may announce
	console    *question         // what may be done in the console
	study      *question         // whether points may be reduced by education
	breakGlass *question         // whether an operator gets emergency access
	chapters   []Chapter
	recall     *recall     // nil: every request is decided anew
	ranks      *rankRecall // nil: every announcement is
	behalf     bool        // the rules ask whether somebody asks in the subject's place
	reasons    map[string]exchange.Text
}

// build checks a bundle's data, compiles its rules, proves that its reasons have texts, and evaluates what doesn't depend on a request.
func build(ctx context.Context, b *bundle) (*program, error) {
	if err := b.checkData(); err != nil {
		return nil, err
	}
	reasons := readReasons(b.data)
	if err := checkCodes(b.modules, reasons); err != nil {
		return nil, err
	}
	written := b.modules
	b, err := settleTable(ctx, b)
	if err != nil {
		return nil, err
	}
	compiler, err := compile(b)
	if err != nil {
		return nil, err
	}
	p := &program{revision: b.revision, files: b.files, data: b.data, reasons: reasons, chapters: chapters(written)}
	if p.question, err = prepare(ctx, compiler, b.data, decisionDocument); err != nil {
		return nil, err
	}
	if p.announce, err = prepare(ctx, compiler, b.data, announceDocument); err != nil {
		return nil, err
	}
	if p.console, err = prepare(ctx, compiler, b.data, consoleDocument); err != nil {
		return nil, err
	}
	p.ranks = newRankRecall(compiler)
	if p.study, err = prepare(ctx, compiler, b.data, StudyDocument); err != nil {
		return nil, err
	}
	if p.breakGlass, err = prepare(ctx, compiler, b.data, BreakGlassDocument); err != nil {
		return nil, err
	}
	if p.recall, err = newRecall(ctx, compiler, b.data); err != nil {
		return nil, err
	}
	p.behalf = readsBehalf(compiler)
	return p, nil
}

// compile checks the modules in strict mode against the allowed built-ins and the input schema.
func compile(b *bundle) (*ast.Compiler, error) {
	compiler := newCompiler(b.schemas)
	if compiler.Compile(b.modules); compiler.Failed() {
		return nil, fmt.Errorf("policies: compile: %w", compiler.Errors)
	}
	return compiler, nil
}

// defaultSchema is the file whose schema holds for every rule that doesn't name another in its metadata.
const defaultSchema = "input"

// newCompiler makes a compiler with our restrictions. Print statements are compiled rather than dropped, so that they are
// refused like every other function that isn't allowed.
func newCompiler(schemas map[string]any) *ast.Compiler {
	set := ast.NewSchemaSet()
	for name, schema := range schemas {
		ref := ast.SchemaRootRef
		if name != defaultSchema {
			ref = ref.Append(ast.StringTerm(name))
		}
		set.Put(ref, schema)
	}
	return ast.NewCompiler().WithStrict(true).WithEnablePrintStatements(true).WithCapabilities(capabilities()).
		WithDefaultRegoVersion(ast.RegoV1).WithSchemas(set).WithUseTypeCheckAnnotations(true)
}
