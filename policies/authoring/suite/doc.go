// Package suite runs all that holds policies to what they should do, in one go: tests in Rego, cases and the matrix. It says what
// differs, where it is written and by which rule it came about, and which lines of which rules nothing reached.
package suite
