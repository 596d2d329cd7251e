package scaffold

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// insertion is text to be put in after a line, counted from 1.
type insertion struct {
	after int
	text  string
}

// wire has the decision ask the rule: an import, the condition in `accepted`, the reasons in `refusals`.
func (r Rule) wire(decision []byte) ([]byte, error) {
	module, err := ast.ParseModuleWithOpts(decisionFile, string(decision), ast.ParserOptions{RegoVersion: ast.RegoV1})
	if err != nil {
		return nil, err
	}
	var accepted, refusals *ast.Rule
	for _, rule := range module.Rules {
		switch rule.Head.Name {
		case "accepted":
			accepted = rule
		case "refusals":
			refusals = rule
		}
	}
	if accepted == nil || refusals == nil || len(module.Imports) == 0 {
		return nil, fmt.Errorf("%s has no imports, accepted and refusals to add %s to; add it by hand as docs/policies.md says", decisionFile, r.Name)
	}
	last, err := lastReasons(refusals)
	if err != nil {
		return nil, err
	}
	return insert(decision, []insertion{
		{module.Imports[len(module.Imports)-1].Location.Row, "import data.zhengqiao." + r.Name},
		{accepted.Body[len(accepted.Body)-1].Location.Row, "\t" + r.Name + ".accepted"},
		{last, "\t" + r.Name + ".reasons,"},
	}), nil
}

// lastReasons gives the line of the last reasons in `refusals := union({…})`.
func lastReasons(refusals *ast.Rule) (int, error) {
	row := 0
	ast.WalkRefs(refusals, func(ref ast.Ref) bool {
		if last, ok := ref[len(ref)-1].Value.(ast.String); ok && last == "reasons" {
			row = max(row, ref[0].Location.Row)
		}
		return false
	})
	if row == 0 || row == refusals.Location.Row {
		return 0, fmt.Errorf("%s: refusals is not a union of reasons, one a line", decisionFile)
	}
	return row, nil
}

func insert(content []byte, all []insertion) []byte {
	lines := bytes.Split(content, []byte("\n"))
	slices.SortFunc(all, func(a, b insertion) int { return b.after - a.after }) // from the end, so that lines keep their numbers
	for _, one := range all {
		lines = slices.Insert(lines, one.after, []byte(one.text))
	}
	return bytes.Join(lines, []byte("\n"))
}
