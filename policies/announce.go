package policies

import (
	"context"
	"errors"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// announceDocument holds the answer to who may announce a change.
const announceDocument = "data.zhengqiao.announce.result"

// Rank gives the rank of the reporter's word on all of the aspects of licences kept in the region, at the moment now. reporter is
// a platform or source id, as authenticated.
//
// Every error is an [*exchange.Error]: PolicyRefused with reasons if the reporter may not say so, PolicyUnavailable if that could
// not be decided, which callers treat as a refusal. The rank is then [exchange.RankNone].
func (e *Engine) Rank(ctx context.Context, reporter string, region exchange.Region, aspects []exchange.Aspect, now time.Time) (exchange.Rank, error) {
	answer, err := e.rank(ctx, &announced{reporter, region, aspects, now})
	switch {
	case err != nil:
		return exchange.RankNone, exchange.Errorf(exchange.PolicyUnavailable, "decide who may announce: %w", err)
	case len(answer.reasons) > 0:
		return exchange.RankNone, &exchange.Error{Code: exchange.PolicyRefused, Reasons: answer.reasons}
	}
	return answer.rank, nil
}

// announced is what a reporter wants to say something of.
type announced struct {
	reporter string
	region   exchange.Region
	aspects  []exchange.Aspect
	now      time.Time
}

func (e *Engine) rank(ctx context.Context, said *announced) (ranked, error) {
	if ctx.Err() != nil {
		return ranked{}, context.Cause(ctx)
	}
	p := e.current.Load()
	return p.ranks.rank(said, func() (ranked, error) {
		ctx, cancel := context.WithTimeout(ctx, e.options.Timeout)
		defer cancel()
		return p.rank(ctx, announcement(said.reporter, said.region, said.aspects, said.now))
	})
}

// rank decides by the rules.
func (p *program) rank(ctx context.Context, document ast.Value) (ranked, error) {
	value, err := p.announce.ask(ctx, document)
	if err != nil {
		return ranked{}, err
	}
	r := reader{reasons: p.reasons}
	result := r.object(value, "result")
	answer := ranked{reasons: r.refusals(result), rank: ranks()[r.text(result, key.rank)]}
	if r.err == nil && (answer.rank == exchange.RankNone) != (len(answer.reasons) > 0) {
		return ranked{}, errors.New("malformed result: rank and reasons contradict each other")
	}
	return answer, r.err
}

// announcement makes the input document (schema/announcement.json).
func announcement(reporter string, region exchange.Region, aspects []exchange.Aspect, now time.Time) ast.Value {
	said := make([]*ast.Term, len(aspects))
	for i, aspect := range aspects {
		said[i] = ast.StringTerm(string(aspect))
	}
	return ast.NewObject(
		pair{key.now, milliseconds(now)},
		pair{key.reporter, ast.StringTerm(reporter)},
		pair{key.region, ast.StringTerm(string(region))},
		pair{key.aspects, ast.ArrayTerm(said...)},
	)
}

// RankName names a rank as policies do; of what is no rank they say "none".
func RankName(rank exchange.Rank) string {
	for name, named := range ranks() {
		if named == rank {
			return name
		}
	}
	return "none"
}

// ranks gives the ranks that policies know, by name. Any other name is no rank.
func ranks() map[string]exchange.Rank {
	return map[string]exchange.Rank{
		"platform": exchange.RankPlatform, "province": exchange.RankProvince, "authority": exchange.RankAuthority,
	}
}
