package gateway

import "github.com/getkin/kin-openapi/openapi3"

// Fits says whether a body is known to fit a schema, and whether anything would if it is like this.
func Fits(schema *openapi3.Schema, body []byte) (known, fits bool) {
	f := fitOf(schema)
	return f != nil, f.fits(body)
}

// Judged says what the schema library has against a body.
func Judged(schema *openapi3.Schema, body []byte) error {
	value, err := parseJSON(body)
	if err != nil {
		return err
	}
	return schema.VisitJSON(value, openapi3.MultiErrors())
}
