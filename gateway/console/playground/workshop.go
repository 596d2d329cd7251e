package playground

import (
	"context"
	"errors"
)

// Workshop has the policies in force, inputs to begin with, and a safe place to try a change out.
type Workshop interface {
	// Sources gives the revision in force and the text of each file that may be edited, by path: rules, data, and, where the gateway has
	// them, tests, cases and matrix.
	Sources() (revision string, files map[string]string)
	// Examples gives inputs to begin with, without anybody's name or number.
	Examples(context.Context) []Example
	// Try asks the policies in force with some files replaced, and gives an [Outcome] as JSON. Errors: [ErrExhausted], the context's, or
	// that it could not be tried.
	Try(context.Context, Change) ([]byte, error)
}

// ErrExhausted is of a change that met the bounds of its trial: time, memory, or the size of what came out.
var ErrExhausted = errors.New("the trial met its bounds")

// Change is what is to be tried.
type Change struct {
	Revision string            // of the policies that the author began with; "": those in force
	Files    map[string]string // that replace those in force, by path such as data/purposes.yaml
	Input    string            // an input document (policies/schema/input.json) as JSON
	What     What

	Progress func(done, all int) // hears how far it is; it must not block
}

// What is what a trial is to show.
type What string

// The kinds of trials, as buttons name them.
const (
	OnInput  What = "try"    // the decision on the input
	Whole    What = "whole"  // also all checks of a load, and the matrix
	AllTests What = "tests"  // checks, Rego tests, cases and matrix
	OfRecord What = "impact" // recorded decisions decided again
)

// Example is an input to begin with.
type Example struct {
	ID    string // letters, digits and . _ -
	Group Group
	Name  string
	Input string // JSON
}

// Group is where an example comes from.
type Group string

// The groups, in the order of the list.
const (
	Granted  Group = "granted"  // what the policies in force grant
	Cases    Group = "cases"    // of the policy folder
	Recorded Group = "recorded" // decisions of late, masked
)

// Groups gives all of them.
func Groups() []Group { return []Group{Granted, Cases, Recorded} }
