// Package specs holds the gateway's written contract as bytes: the OpenAPI document and the problem catalogue. It exists
// because files can only be embedded from beside them, and stops there: nothing is parsed here.
package specs

import _ "embed"

//go:embed openapi.yaml
var openAPI []byte

//go:embed problems.yaml
var problems []byte

// OpenAPI gives the contract, openapi.yaml (OpenAPI 3.0.3). The caller may change the copy.
func OpenAPI() []byte { return append([]byte(nil), openAPI...) }

// Problems gives the problem catalogue, problems.yaml: code to status and texts. The caller may change the copy.
func Problems() []byte { return append([]byte(nil), problems...) }
