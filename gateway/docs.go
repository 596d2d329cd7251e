package gateway

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/zhengqiao/zhengqiao/specs"
)

// docsPage is what the page of the contract shows, in one language.
type docsPage struct {
	Lang        locale
	Title       string
	Description string
	Words       words
	Signature   string
	Script      string
	Operations  []docsOperation
	Schemas     []docsSchema
	Problems    []problemPage
}

type docsOperation struct {
	ID, Method, Path, Summary, Description, Request string
	RequestExample, AnswerExample                   string
	Signed                                          bool
	Parameters                                      []docsMember
	Answers                                         []docsAnswer
}

type docsAnswer struct {
	Status, Description, Schema string
}

// docsSource is what the page is made from.
type docsSource struct {
	contract *contract
	order    specs.Ordered
	known    catalogue
}

func (t *templates) docs(from *docsSource, l locale) ([]byte, error) {
	document := from.contract.document
	page := docsPage{
		Lang: l, Title: l.part(document.Info.Title, " / "), Description: l.line(document.Info.Description), Words: wordsOf(l),
		Signature: l.line(document.Components.SecuritySchemes["sm2"].Value.Description), Script: t.script,
	}
	var err error
	if page.Operations, err = from.operations(l); err != nil {
		return nil, err
	}
	schemas := from.order.At("components", "schemas")
	for _, name := range slices.Sorted(maps.Keys(document.Components.Schemas)) {
		members := schemas.At(name, "properties").Names()
		page.Schemas = append(page.Schemas, describeSchema(name, document.Components.Schemas[name].Value, members, l))
	}
	for _, code := range slices.Sorted(maps.Keys(from.known)) {
		page.Problems = append(page.Problems, newProblemPage(from.known[code], code, l))
	}
	return t.render("docs.html", page)
}

// operations gives the operations first and the documents about them last, each in the contract's order.
func (from *docsSource) operations(l locale) ([]docsOperation, error) {
	paths := from.order.At("paths").Names()
	slices.SortStableFunc(paths, func(a, b string) int { return isDocument(a) - isDocument(b) })
	var list []docsOperation
	for _, path := range paths {
		for method, declared := range from.contract.document.Paths.Value(path).Operations() {
			described, err := from.describe(path, method, declared, l)
			if err != nil {
				return nil, err
			}
			list = append(list, described)
		}
	}
	return list, nil
}

func isDocument(path string) int {
	if strings.HasPrefix(path, "/v1/") {
		return 0
	}
	return 1
}

// part gives the language's half of a text that has Chinese before the separator and English behind it.
func (l locale) part(text, separator string) string {
	zh, en, both := strings.Cut(text, separator)
	if both && l == english {
		return en
	}
	return zh
}

// line is part for descriptions, which have a line for each language.
func (l locale) line(text string) string { return l.part(text, "\n") }

func (from *docsSource) describe(path, method string, declared *openapi3.Operation, l locale) (docsOperation, error) {
	described := docsOperation{
		ID: declared.OperationID, Method: method, Path: path, Summary: l.part(declared.Summary, " / "),
		Description: l.line(declared.Description), Signed: from.contract.operations[declared.OperationID].signed,
	}
	for _, one := range declared.Parameters {
		described.Parameters = append(described.Parameters, describeParameter(one.Value, l))
	}
	var err error
	if declared.RequestBody != nil {
		if described.Request, described.RequestExample, err = from.content(declared.RequestBody.Value.Content); err != nil {
			return docsOperation{}, err
		}
	}
	for _, status := range declared.Responses.Keys() {
		answer := declared.Responses.Value(status).Value
		schema, example, err := from.content(answer.Content)
		if err != nil {
			return docsOperation{}, err
		}
		described.Answers = append(described.Answers, docsAnswer{status, l.line(*answer.Description), schema})
		if status == strconv.Itoa(http.StatusOK) || status == strconv.Itoa(http.StatusAccepted) {
			described.AnswerExample = example
		}
	}
	return described, nil
}

// content gives the schema's name and the example of a body, plain JSON before any other form.
func (from *docsSource) content(bodies openapi3.Content) (schema, example string, err error) {
	for _, kind := range []string{mediaJSON, mediaProblem} {
		media := bodies[kind]
		if media == nil {
			continue
		}
		for _, one := range media.Examples {
			name := one.Ref[strings.LastIndexByte(one.Ref, '/')+1:]
			if example, err = from.order.At("components", "examples", name, "value").JSON(); err != nil {
				return "", "", err
			}
		}
		return schemaName(media.Schema), example, nil
	}
	return "", "", nil
}
