package playground

import (
	"context"
	"errors"
)

// Workshop has the policies in force, inputs to begin with, and a safe place to try a change out.
type Workshop interface {
	// Sources gives the revision in force and the text of each file that may be edited, by path.
	Sources() (revision string, files map[string]string)
	// Examples gives inputs to begin with, without anybody's name or number.
	Examples(context.Context) []Example
	// Try decides by the policies in force with one file replaced, and gives an [Outcome] as JSON. Errors: [ErrExhausted], the
	// context's, or that it could not be tried.
	Try(context.Context, Change) ([]byte, error)
}

// ErrExhausted is of a change that met the bounds of its trial: time, memory, or the size of what came out.
var ErrExhausted = errors.New("the trial met its bounds")

// Change is what is to be tried.
type Change struct {
	Revision string // of the policies that the author began with; "": those in force
	File     string // such as data/purposes.yaml
	Text     string
	Input    string // an input document (policies/schema/input.json) as JSON
	Whole    bool   // with all checks and the matrix
}

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
