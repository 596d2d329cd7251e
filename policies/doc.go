// Package policies decides who may see what, and why not. The rules are Rego and data files in this folder, written by policy
// authors; the Go code compiles them, hands them one typed request and reads back one typed decision. It is the only package
// that knows the policy engine (OPA).
//
// It stops at the decision: it asks no source, masks no value and records nothing. It also decides nothing by itself. Whatever
// is not a well-formed decision of the policy (an error, an undefined result, a time-out, a part of a wrong type) is
// [exchange.PolicyUnavailable], which callers treat as a refusal.
//
//	bundle (files) ─▶ check data ─▶ compile, restricted ─▶ evaluate the table once ─▶ prepared queries
//	Decide ─▶ input ─▶ premises ─▶ recalled, or else the prepared query ─▶ decode
package policies
