package specs

import _ "embed"

//go:embed operators.yaml
var operators []byte

// Operators gives the operators' interface, operators.yaml (OpenAPI 3.0.3). The caller may change the copy.
func Operators() []byte { return append([]byte(nil), operators...) }
