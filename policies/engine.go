package policies

import (
	"context"
	"errors"
	"hash"
	"io/fs"
	"sync/atomic"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// DefaultTimeout is how long one decision may take when [Options] says nothing: some hundred times what it needs.
const DefaultTimeout = 50 * time.Millisecond

// loadTimeout is how long the table of new policies may take. It needs half a second; what never ends must not hang a reload.
const loadTimeout = time.Minute

// Options configure an [Engine].
type Options struct {
	NewHash func() hash.Hash // of the revision; SM3 (GB/T 32905) in production. Required.
	Timeout time.Duration    // of one decision; 0: [DefaultTimeout]
}

// Engine decides by the policies it was given last. It is an [exchange.Decider] and safe for concurrent use.
type Engine struct {
	options Options
	current atomic.Pointer[program]
	all     map[exchange.Operation]fieldTerms // all fields of each operation
}

var _ exchange.Decider = (*Engine)(nil)

// New compiles the policies in fsys (see [Embedded] for the layout). Any fault in them is an error that names file and line.
func New(fsys fs.FS, options Options) (*Engine, error) {
	if options.NewHash == nil {
		return nil, errors.New("policies: Options.NewHash is required")
	}
	if options.Timeout == 0 {
		options.Timeout = DefaultTimeout
	}
	e := &Engine{options: options, all: allFields()}
	if err := e.Reload(fsys); err != nil {
		return nil, err
	}
	return e, nil
}

// Reload replaces the policies. If the new ones don't build, the ones in force stay and the error says why. Decisions under way
// finish by the policies they began with.
func (e *Engine) Reload(fsys fs.FS) error {
	b, err := readBundle(fsys, e.options.NewHash)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), loadTimeout)
	defer cancel()
	p, err := build(ctx, b)
	if err != nil {
		return err
	}
	e.current.Store(p)
	return nil
}

// Revision names the policies in force: the hex digest over the sorted paths and contents of the files that decide.
func (e *Engine) Revision() string { return e.current.Load().revision }

// Sources gives the policies in force as they were written: their revision and the files that decide, by path. The files belong to the
// engine and must not be changed.
func (e *Engine) Sources() (revision string, files map[string][]byte) {
	p := e.current.Load()
	return p.revision, p.files
}

// Decide says what a caller may see. A refusal is a decision with Allow false; an error is always [exchange.PolicyUnavailable]
// and means that no decision could be made, which callers treat as a refusal.
func (e *Engine) Decide(ctx context.Context, request exchange.DecisionRequest) (exchange.Decision, error) {
	decision, err := e.decide(ctx, &request)
	if err != nil {
		return exchange.Decision{}, exchange.Errorf(exchange.PolicyUnavailable, "decide: %w", err)
	}
	return decision, nil
}

func (e *Engine) decide(ctx context.Context, request *exchange.DecisionRequest) (exchange.Decision, error) {
	if ctx.Err() != nil {
		return exchange.Decision{}, context.Cause(ctx)
	}
	if err := checkSimilarities(request.Authentications); err != nil {
		return exchange.Decision{}, err
	}
	p := e.current.Load()
	if request.Behalf != nil && !p.behalf {
		return exchange.Decision{}, errBehalfUnread
	}
	asked := asking{request: request, engine: e, caller: ctx}
	defer asked.close()
	return p.decide(&asked)
}
