// Package api is what oapi-codegen makes of specs/openapi.yaml: the contract's types and the routes of its operations.
// Nothing in it is written by hand but this comment; it decides nothing and stops at Echo's router.
package api

//go:generate go tool -modfile=../../tools/go.mod oapi-codegen -config oapi-codegen.yaml ../../specs/openapi.yaml
