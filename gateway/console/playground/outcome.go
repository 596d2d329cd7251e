package playground

import (
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console/draft"
)

// Outcome is what came of a trial, in the form that package policies/authoring/tryout writes. Findings, Fault and one of the others exclude one
// another.
type Outcome struct {
	Findings []Finding
	Fault    *Fault
	Decision *Decision
	Matrix   *Matrix
	Tests    *Tests
	Impact   *draft.Impact
}

// Finding is one thing that is wrong with the policies. Line is from 1; 0: it is about no line.
type Finding struct {
	File string
	Line int
	Text exchange.Text
}

// Fault says why there is no decision: Kind is input, time-out or none.
type Fault struct{ Kind, Text string }

// Decision is what the policies say.
type Decision struct {
	Allow     bool
	Assurance string
	Freshness string // tier of the data; empty: none
	OnStale   string
	Seconds   int64 // how old the data may be
	Identity  bool  // the population register is asked first
	Reasons   []Reason
	Shown     []Shown
	Withheld  []Withheld
}

// Reason is why something is refused.
type Reason struct {
	Code, Rule string
	Text       exchange.Text
}

// Shown is a field that is given, and how: clear or a mask.
type Shown struct {
	Field exchange.Field
	Mask  string
	Rule  string
}

// Withheld is a field that is not given.
type Withheld struct {
	Field exchange.Field
	Reason
}

// Matrix is the sections of the matrix that differ from the policies in force.
type Matrix struct {
	Levels   []string
	Sections []Section
	Left     int // how many more differ
	Cells    int // that were compared
}

// Section is one platform's requests for one purpose; Region is own or other, as the platform sees it.
type Section struct {
	Platform, Purpose, Operation, Region string
	Rows                                 []Row
}

// Row is one field by level.
type Row struct {
	Field exchange.Field
	Cells []Cell
}

// Cell is what is seen by the policies in force and by the change: clear, hidden or a mask.
type Cell struct{ Was, Is string }

// Way says how a cell changes: "" not at all, "less", "more" or "other".
func (c Cell) Way() string {
	const hidden, clear = "hidden", "clear"
	switch {
	case c.Was == c.Is:
		return ""
	case c.Was == hidden || c.Is == clear:
		return "more"
	case c.Is == hidden || c.Was == clear:
		return "less"
	}
	return "other"
}

// Tests is what Rego tests, cases and matrix say.
type Tests struct {
	Count, Failed int
	Coverage      float64 // of the lines of rules, in percent
	Failures      []Failure
}

// Failure is one test that failed.
type Failure struct {
	Place, Name string
	Lines       []string
}
