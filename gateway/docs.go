package gateway

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/zhengqiao/zhengqiao/exchange"
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
	Answers                                         []docsAnswer
}

type docsAnswer struct {
	Status, Description, Schema string
}

func (t *templates) docs(c *contract, known catalogue, l locale) ([]byte, error) {
	page := docsPage{
		Lang: l, Title: l.part(c.document.Info.Title, " / "), Description: l.line(c.document.Info.Description), Words: wordsOf(l),
		Signature: l.line(c.document.Components.SecuritySchemes["sm2"].Value.Description), Script: t.script,
	}
	for _, path := range c.paths() {
		for method, declared := range c.document.Paths.Value(path).Operations() {
			page.Operations = append(page.Operations, c.describe(path, method, declared, l))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.document.Components.Schemas)) {
		page.Schemas = append(page.Schemas, describeSchema(name, c.document.Components.Schemas[name].Value, l))
	}
	for _, code := range slices.Sorted(maps.Keys(known)) {
		page.Problems = append(page.Problems, newProblemPage(known[code], exchange.Code(code), l))
	}
	return t.render("docs.html", page)
}

// paths gives the operations first and the documents about them last.
func (c *contract) paths() []string {
	paths := c.document.Paths.Keys()
	documents := slices.DeleteFunc(slices.Clone(paths), func(path string) bool { return strings.HasPrefix(path, "/v1/") })
	operations := slices.DeleteFunc(paths, func(path string) bool { return !strings.HasPrefix(path, "/v1/") })
	return append(operations, documents...)
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

func (c *contract) describe(path, method string, declared *openapi3.Operation, l locale) docsOperation {
	described := docsOperation{
		ID: declared.OperationID, Method: method, Path: path, Summary: l.part(declared.Summary, " / "),
		Description: l.line(declared.Description), Signed: c.operations[declared.OperationID].signed,
	}
	if declared.RequestBody != nil {
		described.Request, described.RequestExample = content(declared.RequestBody.Value.Content)
	}
	for _, status := range declared.Responses.Keys() {
		answer := declared.Responses.Value(status).Value
		schema, example := content(answer.Content)
		described.Answers = append(described.Answers, docsAnswer{status, l.line(*answer.Description), schema})
		if status == strconv.Itoa(200) {
			described.AnswerExample = example
		}
	}
	return described
}

// content gives the schema's name and the example of a body, plain JSON before any other form.
func content(bodies openapi3.Content) (schema, example string) {
	for _, kind := range []string{mediaJSON, mediaProblem} {
		media := bodies[kind]
		if media == nil {
			continue
		}
		for _, one := range media.Examples {
			text, err := json.Marshal(one.Value.Value, json.Deterministic(true), jsontext.WithIndent("  "))
			if err == nil {
				example = string(text)
			}
		}
		return schemaName(media.Schema), example
	}
	return "", ""
}
