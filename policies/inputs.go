package policies

import (
	"context"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Reads gives the members of the input document that decisions on queries and notices depend on, such as purpose.code or subjectAge,
// sorted. It is found in the text of the rules, so a new rule that reads more is listed with more. A member of which only parts are
// read, chosen by the request, is listed whole; input alone is "input".
func (e *Engine) Reads() []string {
	compiler := e.current.Load().question.compiler
	refs, _ := readsOf(compiler, compiler.GetRules(ast.MustParseRef(decisionDocument)), nil)
	var names []string
	for _, ref := range refs {
		names = append(names, memberName(ref))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// memberName names what a reference reads: a member, or a part of the purpose.
func memberName(ref ast.Ref) string {
	switch {
	case len(ref) == 0:
		return "input"
	case ref[0].Equal(key.purpose) && len(ref) > 1:
		return nameOfTerm(ref[0]) + "." + nameOfTerm(ref[1])
	}
	return nameOfTerm(ref[0])
}

// InputKnown reports whether an input document has the member, by its name as [Engine.Reads] gives it. What isn't known is undefined
// in every decision that was ever made.
func InputKnown(member string) bool {
	if part, ofPurpose := strings.CutPrefix(member, "purpose."); ofPurpose {
		return purposeParts[part] != nil
	}
	return parts[member] != nil || member == "now" || member == "input"
}

// Likeness gives a text by which requests can be told that the policies in force decide alike: two requests with the same text get the
// same decision. ok is false if the rules read something that no two requests have in common; each is then a request of its own.
func (e *Engine) Likeness(ctx context.Context, request exchange.DecisionRequest) (text string, ok bool, err error) {
	p := e.current.Load()
	if p.recall == nil {
		return "", false, nil
	}
	if err := checkSimilarities(request.Authentications); err != nil {
		return "", false, err
	}
	asked := asking{request: &request, engine: e, caller: ctx}
	defer asked.close()
	written, err := p.recall.text(&asked)
	return string(written), err == nil, err
}
