package suite

import (
	"context"
	"fmt"
	"time"

	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/zhengqiao/zhengqiao/policies/authoring/casebook"
	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
	"github.com/zhengqiao/zhengqiao/policies/authoring/matrix"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
)

// The kinds of tests.
const (
	Rego   = "rego"
	Cases  = "cases"
	Matrix = "matrix"
)

// Result is one test that ran.
type Result struct {
	Kind     string
	Name     string
	Place    string   // file and line of the test
	Failures []string // what is not as expected; none if it passed
	Took     time.Duration
}

// Report is a run of the whole suite.
type Report struct {
	Results []Result // Rego, then cases, then matrix
	Rules   []Coverage
	Percent float64 // of all lines of rules that tests reach, 0 to 100
}

// Failed counts the tests that did not pass.
func (r *Report) Failed() int {
	failed := 0
	for _, result := range r.Results {
		if len(result.Failures) > 0 {
			failed++
		}
	}
	return failed
}

// Run runs everything and finds out what tests reach. An error means that it could not run, not that a test failed.
func Run(ctx context.Context, opened *folder.Folder) (*Report, error) {
	reached := cover.New()
	rego, err := runRego(ctx, opened, reached)
	if err != nil {
		return nil, err
	}
	report, err := decisions(ctx, opened, reached)
	if err != nil {
		return nil, err
	}
	report.Results = append(rego, report.Results...)
	report.cover(reached.Report(opened.Draft.Modules), opened.Draft.Modules)
	return report, nil
}

// Decisions runs cases and matrix alone, which is quicker, and measures nothing.
func Decisions(ctx context.Context, opened *folder.Folder) (*Report, error) {
	return decisions(ctx, opened)
}

func decisions(ctx context.Context, opened *folder.Folder, tracers ...topdown.QueryTracer) (*Report, error) {
	program, err := trial.New(ctx, opened.Draft, nil)
	if err != nil {
		return nil, err
	}
	report := &Report{}
	for _, c := range opened.Cases {
		if c.Expect != nil {
			report.Results = append(report.Results, runCase(ctx, program, c, tracers))
		}
	}
	ofMatrix, err := runMatrix(ctx, program, opened.Book)
	report.Results = append(report.Results, ofMatrix...)
	return report, err
}

func runCase(ctx context.Context, program *trial.Program, c *casebook.Case, tracers []topdown.QueryTracer) Result {
	began := time.Now()
	failures, err := Judge(ctx, program, c, tracers...)
	if err != nil {
		failures = []string{"no decision: " + err.Error()}
	}
	return Result{Cases, c.Name, c.Place(), failures, time.Since(began)}
}

// runMatrix has one result for each platform and purpose. It traces nothing: what it reaches, cases and Rego tests should on purpose.
func runMatrix(ctx context.Context, program *trial.Program, book *matrix.Book) ([]Result, error) {
	if book.Empty() {
		return nil, nil
	}
	began := time.Now()
	m, err := matrix.Compute(ctx, program)
	if err != nil {
		return nil, err
	}
	var results []Result
	index := map[string]int{}
	for _, section := range m.Sections {
		name := section.Platform + ", " + section.Purpose
		if _, met := index[name]; !met {
			index[name] = len(results)
			results = append(results, Result{Kind: Matrix, Name: name, Place: book.PlaceOf(section.Platform)})
		}
	}
	for _, d := range book.Differences(m) {
		result := &results[index[d.Section.Platform+", "+d.Section.Purpose]]
		result.Failures = append(result.Failures, d.String())
	}
	for i := range results {
		results[i].Took = time.Since(began) / time.Duration(len(results))
	}
	return results, nil
}

func placeOf(file string, line int) string { return fmt.Sprintf("%s:%d", file, line) }
