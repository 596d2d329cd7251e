package impact

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
	*Report
	Verdict, Figures exchange.Text
	Lines            []Line
}

// Sign is a sign beside the colour, so that nobody needs to see colours.
func (l Line) Sign() string { return l.sign() }

// WriteHTML writes the report as a page that needs nothing else: no script, no other file, no network.
func (r *Report) WriteHTML(w io.Writer) error {
	parsed, err := template.New("page").Parse(pageText)
	if err != nil {
		return err
	}
	return parsed.Execute(w, page{r, r.Verdict(), r.figures(), r.Lines()})
}
