package policies

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// rankRecall remembers who may announce what, as [recall] remembers decisions: rules know neither clock nor chance, so whoever announces
// the same aspects for the same region is answered alike. Thousands of changes a second come from a few reporters.
type rankRecall struct{ memo memo[ranked] }

// ranked is an answer to an announcement.
type ranked struct {
	rank    exchange.Rank
	reasons []exchange.Reason
}

// newRankRecall gives nil, and every announcement is decided anew, if the rules read the moment or what this gateway does not know of.
func newRankRecall(compiler *ast.Compiler) *rankRecall {
	refs, same := readsOf(compiler, compiler.GetRules(ast.MustParseRef(announceDocument)), nil)
	lasting := func(ref ast.Ref) bool {
		return len(ref) > 0 && (ref[0].Equal(key.reporter) || ref[0].Equal(key.region) || ref[0].Equal(key.aspects))
	}
	if !same || slices.ContainsFunc(refs, func(ref ast.Ref) bool { return !lasting(ref) }) {
		return nil
	}
	return &rankRecall{}
}

// text writes down all that the answer depends on.
func (a *announced) text() []byte {
	text := appendText(appendText(make([]byte, 0, usualText), a.reporter), string(a.region))
	for _, aspect := range a.aspects {
		text = appendText(text, string(aspect))
	}
	return text
}

// rank answers an announcement, or recalls how one like it was answered.
func (r *rankRecall) rank(said *announced, ask func() (ranked, error)) (ranked, error) {
	if r == nil {
		return ask()
	}
	text := said.text()
	if known, ok := r.memo.get(text); ok {
		return known.copied(), nil
	}
	answer, err := ask()
	if err == nil {
		r.memo.put(text, answer.copied())
	}
	return answer, err
}

// copied gives an answer that its holder may change.
func (r ranked) copied() ranked { return ranked{r.rank, slices.Clone(r.reasons)} }
