package matrix

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// hiddenMark stands in a table where a field is hidden.
const hiddenMark = "-"

// Row is one field of a section, with how it is shown at each level.
type Row struct {
	Field exchange.Field
	Masks []exchange.Mask // "": hidden
}

// Rows gives the fields of a section that are seen at some level.
func (m *Matrix) Rows(section Section) []Row {
	if section.Region == Any {
		section.Region = Own
	}
	var all []Row
	for _, field := range section.Fields() {
		one, seen := Row{Field: field}, false
		for _, level := range m.Levels {
			mask := m.Mask(section, level, field)
			one.Masks = append(one.Masks, mask)
			seen = seen || mask != ""
		}
		if seen {
			all = append(all, one)
		}
	}
	return all
}

func mark(mask exchange.Mask) string {
	if mask == "" {
		return hiddenMark
	}
	return word(mask)
}

// WriteTable writes the matrix for a terminal. Sections and fields that show nothing are left out.
func (m *Matrix) WriteTable(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, section := range m.Shown() {
		fmt.Fprintf(out, "%s · %s · %s · %s\n", section.Platform, section.Purpose, section.Operation, section.Region)
		fmt.Fprintf(out, "  field\t%s\n", strings.Join(m.Levels, "\t"))
		for _, row := range m.Rows(section) {
			fmt.Fprintf(out, "  %s", row.Field)
			for _, mask := range row.Masks {
				fmt.Fprintf(out, "\t%s", mark(mask))
			}
			fmt.Fprintln(out)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "%s: hidden. What is not listed shows nothing at any level. / %s：不显示。未列出的一律不显示。\n", hiddenMark, hiddenMark)
	return out.Flush()
}

// WriteMarkdown writes the matrix as a Markdown document, zh and en.
func (m *Matrix) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	n, platform := m.names(), ""
	b.WriteString("# 可见范围 / What may be seen\n\n`" + hiddenMark + "` 不显示 hidden. 未列出的一律不显示。 What is not listed shows nothing at any level.\n")
	for _, section := range m.Shown() {
		if section.Platform != platform {
			platform = section.Platform
			fmt.Fprintf(&b, "\n## %s %s (`%s`)\n", n.platform(platform).ZH, n.platform(platform).EN, platform)
		}
		fmt.Fprintf(&b, "\n### %s\n\n| 字段 field |", m.title(section))
		for _, level := range m.Levels {
			fmt.Fprintf(&b, " %s %s |", n.level(level).ZH, n.level(level).EN)
		}
		b.WriteString("\n|" + strings.Repeat(" --- |", len(m.Levels)+1) + "\n")
		for _, row := range m.Rows(section) {
			fmt.Fprintf(&b, "| %s `%s` |", n.field(row.Field).ZH, row.Field)
			for _, mask := range row.Masks {
				fmt.Fprintf(&b, " %s |", mark(mask))
			}
			b.WriteString("\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// title names a section below its platform, zh and en.
func (m *Matrix) title(section Section) string {
	n := m.names()
	zh := []string{n.purpose(section.Purpose).ZH, n.operation(section.Operation).ZH, n.region(section.Region).ZH}
	en := []string{n.purpose(section.Purpose).EN, n.operation(section.Operation).EN, n.region(section.Region).EN}
	return strings.Join(zh, "，") + " / " + strings.Join(en, ", ")
}

// WriteCSV writes every cell of every field, also the hidden ones, a line each: for spreadsheets and for comparing. reasons are codes.
func (m *Matrix) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"platform", "purpose", "operation", "region", "assurance", "field", "shown", "rule", "reasons"}); err != nil {
		return err
	}
	for _, section := range m.Sections {
		for _, level := range m.Levels {
			answer := m.Cells[Cell{section, level}]
			for _, field := range section.Fields() {
				line := []string{
					section.Platform, section.Purpose, string(section.Operation), section.Region, level,
					string(field), word(answer.Grants[field]), ruleOf(&answer, field), strings.Join(codesOf(&answer.Decision, field), " "),
				}
				if err := out.Write(line); err != nil {
					return err
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}

// codesOf says why a field is hidden: its own reason, or those for which the whole request is refused.
func codesOf(decision *exchange.Decision, field exchange.Field) []string {
	for _, withheld := range decision.Withheld {
		if withheld.Field == field {
			return []string{withheld.Code}
		}
	}
	var codes []string
	if decision.Grants[field] == "" {
		for _, reason := range decision.Reasons {
			codes = append(codes, reason.Code)
		}
	}
	return codes
}
