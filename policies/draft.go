package policies

import (
	"context"
	"hash"
	"io/fs"
	"maps"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Where the answers of policies stand.
const (
	DecisionDocument = decisionDocument // who may see what
	AnnounceDocument = announceDocument // who may announce a change
	TablePackage     = table            // rules that depend on no request
)

// Draft is policies that their author still works on: read, and not in force anywhere. The tools for authors
// (policies/authoring) look into it; the engine never sees one.
type Draft struct {
	// Modules are the parsed rules by path, such as fields.rego. Whoever changes one changes a copy.
	Modules map[string]*ast.Module
	// Data is the data document. Numbers are [json.Number].
	Data map[string]any

	bundle *bundle
}

// ReadDraft reads the files that decide (see [Embedded] for the layout). The error has every file that can't be read as what it is.
func ReadDraft(fsys fs.FS, newHash func() hash.Hash) (*Draft, error) {
	b, err := readBundle(fsys, newHash)
	if err != nil {
		return nil, err
	}
	return &Draft{Modules: b.modules, Data: b.data, bundle: b}, nil
}

// Revision names the draft as it would be named in force.
func (d *Draft) Revision() string { return d.bundle.revision }

// Changed gives the draft with other rules or data, for asking what would be if. It keeps its places and schemas.
func (d *Draft) Changed(modules map[string]*ast.Module, data map[string]any) *Draft {
	b := *d.bundle
	b.modules, b.data = modules, data
	return &Draft{Modules: modules, Data: data, bundle: &b}
}

// Compiler gives an empty compiler with the restrictions that hold in production: strict, allow-listed built-ins, input by its schema.
func (d *Draft) Compiler() *ast.Compiler { return newCompiler(d.bundle.schemas) }

// CompilerKnowing gives such a compiler that knows further schemas, by the names that metadata calls them by.
func (d *Draft) CompilerKnowing(further map[string]any) *ast.Compiler {
	schemas := maps.Clone(d.bundle.schemas)
	maps.Copy(schemas, further)
	return newCompiler(schemas)
}

// Schema gives the JSON Schema of the input document (schema/input.json); nil if the draft has none.
func (d *Draft) Schema() any { return d.bundle.schemas[defaultSchema] }

// CheckData says what is wrong with the data; [Faults] takes the error apart.
func (d *Draft) CheckData() error { return d.bundle.checkData() }

// Build does all that the engine does when it loads policies, and gives the first kind of thing that is wrong.
func (d *Draft) Build(ctx context.Context, options Options) (*Engine, error) {
	p, err := build(ctx, d.bundle)
	if err != nil {
		return nil, err
	}
	if options.Timeout == 0 {
		options.Timeout = DefaultTimeout
	}
	e := &Engine{options: options, all: allFields()}
	e.current.Store(p)
	return e, nil
}

// Place gives the file and the line (from 1) of a path of the data, such as platforms.suishenban.fields[2], or of what it is in.
func (d *Draft) Place(path string) (file string, line int) {
	at := d.bundle.places.nearest(path)
	return at.file, at.line
}

// Codes gives every reason code that the rules may give, and where.
func (d *Draft) Codes() map[string]*ast.Location { return codes(d.Modules) }

// Decision reads the value of [DecisionDocument] as strictly as the engine does.
func (d *Draft) Decision(value ast.Value, wanted []exchange.Field) (exchange.Decision, error) {
	p := program{revision: d.Revision(), reasons: readReasons(d.Data)}
	return p.decode(value, newFieldTerms(wanted).ordered)
}

// Announced reads the value of [AnnounceDocument]. RankNone comes with reasons.
func (d *Draft) Announced(value ast.Value) (exchange.Rank, []exchange.Reason, error) {
	r := reader{reasons: readReasons(d.Data)}
	result := r.object(value, "result")
	reasons, rank := r.refusals(result), ranks()[r.text(result, key.rank)]
	return rank, reasons, r.err
}

// Studied reads the value of [StudyDocument] as strictly as the engine does.
func (d *Draft) Studied(value ast.Value) (exchange.StudyVerdict, error) { return studyVerdict(value) }

// BreakGlass reads the value of [BreakGlassDocument] as strictly as the engine does.
func (d *Draft) BreakGlass(value ast.Value) (exchange.BreakGlassTerms, error) {
	p := program{revision: d.Revision(), reasons: readReasons(d.Data)}
	return p.breakGlassTerms(value)
}

// DecisionInput makes the input document of a request (schema/input.json). Without wanted fields it is about all of the operation.
func DecisionInput(r *exchange.DecisionRequest) (ast.Value, error) {
	if err := checkSimilarities(r.Authentications); err != nil {
		return nil, err
	}
	return input(r, newFieldTerms(WantedFields(r))), nil
}

// WantedFields gives the fields that a decision is about.
func WantedFields(r *exchange.DecisionRequest) []exchange.Field {
	if len(r.Wanted) > 0 {
		return r.Wanted
	}
	return exchange.Fields(r.Operation)
}

// AnnouncementInput makes the input document of an announcement (schema/announcement.json).
func AnnouncementInput(reporter string, region exchange.Region, aspects []exchange.Aspect, now time.Time) ast.Value {
	return announcement(reporter, region, aspects, now)
}

// Operations gives the operations that decisions are made on.
func Operations() []exchange.Operation { return operations() }

// Capabilities gives the functions that a rule may call, in the form that linters of Rego read.
func Capabilities() *ast.Capabilities { return capabilities() }
