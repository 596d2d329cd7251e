package gateway

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// idempotencyKey is the field by which a report names itself (draft-ietf-httpapi-idempotency-key-header).
const idempotencyKey = "Idempotency-Key"

// signedSteps are the steps of an operation that asks for a signature. One that may wait has places of its own: whoever waits for
// news takes none from those who ask.
func (g *Gateway) signedSteps(id string, op operation) []echo.MiddlewareFunc {
	steps := []echo.MiddlewareFunc{g.named(id), g.readBody, g.authenticate, g.within(op.class())}
	if op.takes("query") {
		steps = append(steps, op.strictQuery)
	}
	if key := op.parameter("header", idempotencyKey); key != nil {
		steps = append(steps, g.keyed(key.Schema.Value))
	}
	return steps
}

// class tells from what an operation takes which quota it needs: who may wait for news reads a feed, and who names what it sends
// reports a change.
func (op operation) class() Class {
	switch {
	case op.parameter("query", "wait") != nil:
		return Feed
	case op.parameter("header", idempotencyKey) != nil:
		return Reports
	}
	return Queries
}

func (op operation) parameter(in, name string) *openapi3.Parameter {
	return op.parameters.GetByInAndName(in, name)
}

func (op operation) takes(in string) bool {
	for _, one := range op.parameters {
		if one.Value.In == in {
			return true
		}
	}
	return false
}

// keyed makes sure that a report names itself once and rightly, before the generated binding would refuse it without a record.
func (g *Gateway) keyed(schema *openapi3.Schema) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			values := c.Request().Header.Values(idempotencyKey)
			if len(values) == 1 && schema.VisitJSON(values[0]) == nil {
				return next(c)
			}
			q := visitOf(c).query(exchange.ChangeReport)
			return g.deps.Broker.Refuse(c.Request().Context(), q, invalid(fault("/reportId", faultIdempotency)))
		}
	}
}

// strictQuery lets exactly the declared parameters through, each at most once and as its schema says. None needs an escape, so none
// is taken: there is one way to write a query string.
func (op operation) strictQuery(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if wrong := op.wrongQuery(c.Request().URL); len(wrong) > 0 {
			return invalid(wrong...)
		}
		return next(c)
	}
}

// wrongQuery gives what is wrong with a query string. A pointer names a parameter, and never repeats what a caller invented unless it
// is a plain word.
func (op operation) wrongQuery(target *url.URL) (wrong []exchange.Pointer) {
	if target.RawQuery == "" && !target.ForceQuery {
		return nil
	}
	values, err := url.ParseQuery(target.RawQuery)
	if err != nil || len(values) == 0 || strings.ContainsAny(target.RawQuery, "%+") {
		return []exchange.Pointer{fault("", faultForm)}
	}
	for name, given := range values {
		wrong = append(wrong, op.wrongParameter(name, given)...)
	}
	return wrong
}

func (op operation) wrongParameter(name string, given []string) []exchange.Pointer {
	declared := op.parameter("query", name)
	switch {
	case declared == nil && plainWord(name):
		return []exchange.Pointer{fault("/"+name, faultParameter)}
	case declared == nil:
		return []exchange.Pointer{fault("", faultParameter)}
	case len(given) > 1:
		return []exchange.Pointer{fault("/"+name, faultRepeated)}
	}
	var found findings
	if err := declared.Schema.Value.VisitJSON(parameterValue(declared.Schema.Value, given[0]), openapi3.MultiErrors()); err != nil {
		found.collect(err)
	}
	for i := range found.list {
		found.list[i].Pointer = "/" + name
	}
	return found.list
}

// parameterValue gives the value as JSON would hold it. A number is written in one way only; what isn't stays a text, which no
// number's schema takes.
func parameterValue(schema *openapi3.Schema, text string) any {
	if !schema.Type.Is("integer") {
		return text
	}
	number, err := strconv.Atoi(text)
	if err != nil || strconv.Itoa(number) != text {
		return text
	}
	return float64(number)
}
