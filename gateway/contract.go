package gateway

import (
	"context"
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/specs"
)

// contract is specs/openapi.yaml, ready for use. Requests are validated by visiting the body's schema with a value that was
// decoded once: the library's own request filter would find the route again, read the body again and decode it again.
type contract struct {
	document   *openapi3.T
	operations map[string]operation // by operationId
}

// operation is what the edge needs of one operation.
type operation struct {
	signed     bool                // a signature is asked for
	body       *openapi3.Schema    // of the JSON body; nil: none is taken
	fit        *fit                // the same, ready for the usual case; nil: there is none
	parameters openapi3.Parameters // in path, query string and header
}

func loadContract() (*contract, error) {
	document, err := openapi3.NewLoader().LoadFromData(specs.OpenAPI())
	if err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	if err := document.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("check openapi.yaml: %w", err)
	}
	c := &contract{document: document, operations: map[string]operation{}}
	for _, item := range document.Paths.Map() {
		for _, declared := range item.Operations() {
			body := jsonBody(declared)
			c.operations[declared.OperationID] = operation{
				signed: declared.Security == nil || len(*declared.Security) > 0,
				body:   body, fit: fitOf(body), parameters: declared.Parameters,
			}
		}
	}
	return c, nil
}

func jsonBody(declared *openapi3.Operation) *openapi3.Schema {
	if declared.RequestBody == nil {
		return nil
	}
	media := declared.RequestBody.Value.Content[mediaJSON]
	if media == nil {
		return nil
	}
	return media.Schema.Value
}

// check holds a body to JSON and to the operation's schema, and says what is wrong with one that doesn't fit.
func (c *contract) check(operationID string, body []byte) error {
	if c.operations[operationID].fit.fits(body) {
		return nil
	}
	value, err := parseJSON(body)
	if err != nil {
		return err
	}
	if pointers := c.validate(operationID, value); len(pointers) > 0 {
		return invalid(pointers...)
	}
	return nil
}

// validate holds a decoded body to the operation's schema and gives every place that is wrong, ordered by pointer.
func (c *contract) validate(operationID string, body any) []exchange.Pointer {
	return sorted(c.find(operationID, body))
}

// find gives what is wrong in no order. The library isn't told that this is a request: it would look for readOnly members in
// each object, of which the contract has none.
func (c *contract) find(operationID string, body any) []exchange.Pointer {
	schema := c.operations[operationID].body
	err := schema.VisitJSON(body, openapi3.MultiErrors(), openapi3.DisableSchemaErrorDetails())
	if err == nil {
		return nil
	}
	var found findings
	found.collect(err)
	return found.list
}
