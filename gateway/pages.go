package gateway

import (
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/api"
	"github.com/zhengqiao/zhengqiao/specs"
)

// pages are the documents for people and tools, rendered once at start: nothing of a request goes into them.
type pages struct {
	openAPI  []byte
	docs     map[locale][]byte
	problems map[exchange.Code]map[locale][]byte
}

// pagePolicy lets a page use the style that stands in it and nothing from elsewhere; there are no scripts.
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

func loadPages(contract *contract, known catalogue) (*pages, error) {
	templates, err := parseTemplates()
	if err != nil {
		return nil, err
	}
	order, err := specs.OpenAPIInOrder()
	if err != nil {
		return nil, err
	}
	from := &docsSource{contract, order, known}
	p := &pages{openAPI: specs.OpenAPI(), docs: map[locale][]byte{}, problems: map[exchange.Code]map[locale][]byte{}}
	for _, l := range []locale{chinese, english} {
		if p.docs[l], err = templates.docs(from, l); err != nil {
			return nil, err
		}
		if err := p.renderProblems(templates, known, l); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *pages) renderProblems(templates *templates, known catalogue, l locale) error {
	for code := range known {
		page, err := templates.problem(known, code, l)
		if err != nil {
			return err
		}
		if p.problems[code] == nil {
			p.problems[code] = map[locale][]byte{}
		}
		p.problems[code][l] = page
	}
	return nil
}

// GetOpenAPI answers GET /openapi.yaml.
func (o operations) GetOpenAPI(c echo.Context) error {
	return o.document(c, reply{media: mediaYAML, body: o.pages.openAPI})
}

// GetDocs answers GET /docs, in the language of ?lang= if it has one.
func (o operations) GetDocs(c echo.Context) error {
	l := pageLocale(c.Request())
	return o.document(c, reply{media: mediaHTML, body: o.pages.docs[l], locale: l, policy: pagePolicy})
}

// GetProblem answers GET /problems/{code}, in the language of ?lang= if it has one.
func (o operations) GetProblem(c echo.Context, code api.ProblemCode) error {
	page, ok := o.pages.problems[exchange.Code(code)]
	if !ok {
		return &exchange.Error{Code: exchange.NotFound}
	}
	l := pageLocale(c.Request())
	return o.document(c, reply{media: mediaHTML, body: page[l], locale: l, policy: pagePolicy})
}

func (o operations) document(c echo.Context, r reply) error {
	v := visitOf(c)
	v.outcome, r.status = exchange.Answered, http.StatusOK
	o.send(c, v, r)
	return nil
}
