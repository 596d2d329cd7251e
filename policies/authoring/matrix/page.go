package matrix

import (
	_ "embed"
	"html/template"
	"io"

	"github.com/zhengqiao/zhengqiao/exchange"
)

//go:embed page.html.tmpl
var pageText string

// page is what the template shows.
type page struct {
	Revision  string
	Levels    []exchange.Text
	Platforms []pagePlatform
}

type pagePlatform struct {
	ID       string
	Name     exchange.Text
	Sections []pageSection
}

type pageSection struct {
	Purpose, Operation, Region exchange.Text
	Rows                       []pageRow
}

type pageRow struct {
	Field exchange.Field
	Name  exchange.Text
	Cells []pageCell
}

// pageCell has a sign and words beside its colour, so that nobody needs to see colours.
type pageCell struct {
	Class, Sign string
	Text        exchange.Text
	Why         string // reason codes of a hidden one
}

// WriteHTML writes the matrix as a page that needs nothing else: no script, no other file, no network. revision names the policies.
func (m *Matrix) WriteHTML(w io.Writer, revision string) error {
	parsed, err := template.New("page").Parse(pageText)
	if err != nil {
		return err
	}
	p := page{Revision: revision}
	for _, level := range m.Levels {
		p.Levels = append(p.Levels, m.names().level(level))
	}
	for _, section := range m.Shown() {
		if last := len(p.Platforms) - 1; last < 0 || p.Platforms[last].ID != section.Platform {
			p.Platforms = append(p.Platforms, pagePlatform{ID: section.Platform, Name: m.names().platform(section.Platform)})
		}
		platform := &p.Platforms[len(p.Platforms)-1]
		platform.Sections = append(platform.Sections, m.pageSection(section))
	}
	return parsed.Execute(w, p)
}

func (m *Matrix) pageSection(section Section) pageSection {
	n := m.names()
	made := pageSection{Purpose: n.purpose(section.Purpose), Operation: n.operation(section.Operation), Region: n.region(section.Region)}
	asked := section
	if asked.Region == Any {
		asked.Region = Own
	}
	for _, row := range m.Rows(section) {
		one := pageRow{Field: row.Field, Name: n.field(row.Field)}
		for i, mask := range row.Masks {
			answer := m.Cells[Cell{asked, m.Levels[i]}]
			one.Cells = append(one.Cells, pageCellOf(n, mask, codesOf(&answer.Decision, row.Field)))
		}
		made.Rows = append(made.Rows, one)
	}
	return made
}

func pageCellOf(n names, mask exchange.Mask, codes []string) pageCell {
	cell := pageCell{Class: "masked", Sign: "◐", Text: n.shown(mask)}
	switch mask {
	case exchange.MaskNone:
		cell.Class, cell.Sign = "clear", "●"
	case "":
		cell.Class, cell.Sign = "hidden", "○"
		for i, code := range codes {
			if i > 0 {
				cell.Why += ", "
			}
			cell.Why += code
		}
	}
	return cell
}
