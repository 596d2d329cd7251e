// Package specs holds the gateway's written contract: the OpenAPI document as bytes, and the problem catalogue. It exists
// because files can only be embedded from beside them, and stops there: what the contract means is decided by its readers.
package specs

import _ "embed"

//go:embed openapi.yaml
var openAPI []byte

// OpenAPI gives the contract, openapi.yaml (OpenAPI 3.0.3). The caller may change the copy.
func OpenAPI() []byte { return append([]byte(nil), openAPI...) }
