package tryout

import (
	"context"
	"hash"
	"io/fs"
	"strings"

	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
	"github.com/zhengqiao/zhengqiao/policies/authoring/suite"
)

// Tests is what the tests of a draft say: Rego, cases and matrix.
type Tests struct {
	Count    int       `json:"count"`
	Failed   int       `json:"failed"`
	Coverage float64   `json:"coverage"`           // of the lines of rules that tests reach, in percent
	Failures []Failure `json:"failures,omitempty"` // the first of those that failed
}

// Failure is one test that failed.
type Failure struct {
	Place string   `json:"place"` // file and line of the test
	Name  string   `json:"name"`
	Lines []string `json:"lines"` // what is not as expected, and by which rule
}

// Bounds of what is told of failures: who has more of them mends the first, and looks again.
const (
	mostFailures = 30
	mostLines    = 12
	mostLine     = 400 // bytes
)

// tests runs them all.
func tests(ctx context.Context, draft fs.FS, newHash func() hash.Hash) Outcome {
	opened, err := folder.Open(draft, newHash)
	if err != nil {
		return Outcome{Findings: explain(ctx, draft, newHash, err)}
	}
	report, err := suite.Run(ctx, opened)
	if err != nil || ctx.Err() != nil {
		return Outcome{Fault: faultOf(ctx, err)}
	}
	told := &Tests{Count: len(report.Results), Failed: report.Failed(), Coverage: report.Percent}
	for _, result := range report.Results {
		if len(result.Failures) > 0 && len(told.Failures) < mostFailures {
			told.Failures = append(told.Failures, Failure{result.Place, result.Name, bounded(result.Failures)})
		}
	}
	return Outcome{Tests: told}
}

func bounded(lines []string) []string {
	told := make([]string, 0, min(len(lines), mostLines))
	for _, line := range lines[:min(len(lines), mostLines)] {
		told = append(told, strings.ToValidUTF8(line[:min(len(line), mostLine)], ""))
	}
	return told
}
