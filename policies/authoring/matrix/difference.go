package matrix

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
)

// Difference is a field that is not seen as it is written down, at one or more levels.
type Difference struct {
	Place   string // file and line of what is written, or of what is nearest
	Section Section
	Field   exchange.Field
	Levels  []string
	Is      string // clear, hidden or a mask
	Want    string
	Rule    string // by which it is so
}

func (d Difference) String() string {
	return fmt.Sprintf("%s: %s: %s at %s: %s (%s), expected: %s", d.Place, d.Section, d.Field, strings.Join(d.Levels, ", "), d.Is, d.Rule, d.Want)
}

// Differences holds a matrix against the book, in the matrix's order.
func (b *Book) Differences(m *Matrix) []Difference {
	var all []Difference
	for _, section := range m.Sections {
		for _, field := range section.Fields() {
			all = append(all, b.ofField(m, section, field)...)
		}
	}
	slices.SortStableFunc(all, func(a, b Difference) int { return cmp.Compare(a.Section.Platform, b.Section.Platform) })
	return all
}

func (b *Book) ofField(m *Matrix, section Section, field exchange.Field) []Difference {
	var all []Difference
	for _, level := range m.Levels {
		cell := Cell{section, level}
		answer := m.Cells[cell]
		is, want := word(answer.Grants[field]), word(b.seen[cell][field])
		if is == want {
			continue
		}
		d := Difference{b.place(section, field), section, field, []string{level}, is, want, ruleOf(&answer, field)}
		if last := len(all) - 1; last >= 0 && all[last].Is == d.Is && all[last].Want == d.Want && all[last].Rule == d.Rule {
			all[last].Levels = append(all[last].Levels, level)
			continue
		}
		all = append(all, d)
	}
	return all
}

// ruleOf names the rule behind a field's fate: its own, or that of the refusal of the whole request.
func ruleOf(answer *trial.Answer, field exchange.Field) string {
	if rule := answer.RuleOf(field); rule != "" {
		return rule
	}
	var rules []string
	for _, reason := range answer.Reasons {
		if !slices.Contains(rules, reason.Rule) {
			rules = append(rules, reason.Rule)
		}
	}
	return strings.Join(rules, ", ")
}
