package suite

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
)

// Coverage is how much of one rule, all its definitions together, tests reach.
type Coverage struct {
	Rule    string // such as zhengqiao.fields.lowest
	Place   string
	Lines   int   // that can be reached
	Missing []int // lines of the file that no test reaches
}

// Percent is the share of lines reached, 0 to 100.
func (c *Coverage) Percent() float64 {
	if c.Lines == 0 {
		return 100
	}
	return 100 * float64(c.Lines-len(c.Missing)) / float64(c.Lines)
}

func (c *Coverage) String() string {
	text := fmt.Sprintf("%s: %s: %.0f %%", c.Place, c.Rule, c.Percent())
	if len(c.Missing) > 0 {
		text += fmt.Sprintf(", not reached: %s", strings.Trim(fmt.Sprint(c.Missing), "[]"))
	}
	return text
}

// cover shares the reached lines out among the rules. A line belongs to the last rule that begins on it or before.
func (r *Report) cover(reached cover.Report, modules map[string]*ast.Module) {
	lines, missing := 0, 0
	for path, module := range modules {
		for _, rule := range rulesIn(path, module, reached.Files[path]) {
			r.Rules = append(r.Rules, *rule)
			lines, missing = lines+rule.Lines, missing+len(rule.Missing)
		}
	}
	slices.SortFunc(r.Rules, func(a, b Coverage) int { return cmp.Compare(a.Rule, b.Rule) })
	if r.Percent = 100; lines > 0 {
		r.Percent = 100 * float64(lines-missing) / float64(lines)
	}
}

func rulesIn(path string, module *ast.Module, report *cover.FileReport) map[string]*Coverage {
	rules := map[string]*Coverage{}
	begins := map[int]*Coverage{}
	for _, rule := range module.Rules {
		name := strings.TrimPrefix(rule.Ref().GroundPrefix().String(), "data.")
		if rules[name] == nil {
			rules[name] = &Coverage{Rule: name, Place: placeOf(path, rule.Location.Row)}
		}
		begins[rule.Location.Row] = rules[name]
	}
	var current *Coverage
	for line := 1; line <= lastLine(report); line++ {
		if begins[line] != nil {
			current = begins[line]
		}
		missed := report.IsNotCovered(line)
		if current == nil || !missed && !report.IsCovered(line) {
			continue
		}
		if current.Lines++; missed {
			current.Missing = append(current.Missing, line)
		}
	}
	return rules
}

// lastLine gives the last line that a report speaks of.
func lastLine(report *cover.FileReport) int {
	last := 0
	if report != nil {
		for _, part := range slices.Concat(report.Covered, report.NotCovered) {
			last = max(last, part.End.Row)
		}
	}
	return last
}
