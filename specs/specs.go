// Package specs holds the gateway's written contract: the OpenAPI and AsyncAPI documents as bytes, and the problem catalogue. It exists
// because files can only be embedded from beside them, and stops there: what the contract means is decided by its readers.
package specs

import _ "embed"

//go:embed openapi.yaml
var openAPI []byte

// OpenAPI gives the contract, openapi.yaml (OpenAPI 3.0.3). The caller may change the copy.
func OpenAPI() []byte { return append([]byte(nil), openAPI...) }

//go:embed asyncapi.yaml
var asyncAPI []byte

// AsyncAPI gives the contract of what platforms are told without asking, asyncapi.yaml (AsyncAPI 3.0.0). Its schemas refer to those of
// openapi.yaml, beside it. The caller may change the copy.
func AsyncAPI() []byte { return append([]byte(nil), asyncAPI...) }
