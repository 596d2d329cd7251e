package policies

import (
	"context"
	"crypto/sha256"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// AsWritten makes an engine that decides every request by the rules as they are written: nothing is settled or recalled.
func AsWritten(ctx context.Context, fsys fs.FS) (*Engine, error) {
	b, err := readBundle(fsys, sha256.New)
	if err != nil {
		return nil, err
	}
	compiler, err := compile(b)
	if err != nil {
		return nil, err
	}
	p := program{revision: b.revision, reasons: readReasons(b.data)}
	if p.question, err = prepare(ctx, compiler, b.data, decisionDocument); err != nil {
		return nil, err
	}
	p.behalf = readsBehalf(compiler)
	e := &Engine{options: Options{NewHash: sha256.New, Timeout: time.Minute}, all: allFields()}
	e.current.Store(&p)
	return e, nil
}

// AllParts writes down all parts of a request.
func AllParts(request *exchange.DecisionRequest) string {
	var text []byte
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		text = parts[name](text, request)
	}
	return string(text)
}

// Recalls says whether the engine recalls decisions, and how many it has in memory.
func (e *Engine) Recalls() (bool, int) {
	recall := e.current.Load().recall
	if recall == nil {
		return false, 0
	}
	recall.memo.mu.RLock()
	defer recall.memo.mu.RUnlock()
	return true, len(recall.memo.values)
}

// RecallsRanks says whether the engine recalls who may announce what.
func (e *Engine) RecallsRanks() bool { return e.current.Load().ranks != nil }

// RankAsWritten is Rank, asked of the rules each time.
func (e *Engine) RankAsWritten(ctx context.Context, reporter string, region exchange.Region, aspects []exchange.Aspect, now time.Time) (exchange.Rank, error) {
	written := *e.current.Load()
	written.ranks = nil
	other := &Engine{options: e.options, all: e.all}
	other.current.Store(&written)
	return other.Rank(ctx, reporter, region, aspects, now)
}
