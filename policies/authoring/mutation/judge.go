package mutation

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/casebook"
	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
	"github.com/zhengqiao/zhengqiao/policies/authoring/matrix"
	"github.com/zhengqiao/zhengqiao/policies/authoring/suite"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
)

// longestTrial is how long one mutant may take: a mistake can make a rule run for ever.
const longestTrial = time.Minute

// judge holds drafts against all tests of a folder. It is safe for concurrent use.
type judge struct {
	opened   *folder.Folder
	compiler *ast.Compiler   // of the folder as it is, for mistakes in data alone
	tests    []test          // in the order in which they are written
	base     *trial.Program  // without a mistake; knows the whole table and is asked nothing more
	reach    map[string]bool // what the table depends on
}

// test is one thing that may notice a mistake.
type test struct {
	name  string
	about []string // platforms, purposes, packages
	kind  int
	fails func(ctx context.Context, program *trial.Program) bool
}

// The kinds of tests, the quickest first.
const (
	ofCases = iota
	ofMatrix
	ofRego
)

func newJudge(opened *folder.Folder) (*judge, error) {
	compiler, err := trial.Compile(opened.Draft, opened.Tests)
	if err != nil {
		return nil, err
	}
	j := &judge{opened: opened, compiler: compiler}
	for _, c := range opened.Cases {
		if c.Expect != nil {
			j.tests = append(j.tests, caseTest(c))
		}
	}
	probes, err := matrix.Probes(opened.Draft.Data)
	if err != nil {
		return nil, err
	}
	for _, probe := range probes {
		if !opened.Book.Empty() {
			j.tests = append(j.tests, matrixTest(probe, opened.Book.Seen(probe.Cell)))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(opened.Tests)) {
		j.tests = append(j.tests, regoTests(path, opened.Tests[path])...)
	}
	return j, nil
}

func caseTest(c *casebook.Case) test {
	about := []string{"data.zhengqiao.announce", "announcements", "reporters"}
	if c.Request != nil {
		about = []string{c.Request.Platform, c.Request.Purpose.Code}
	}
	return test{"case " + c.Place() + " " + c.Name, about, ofCases, func(ctx context.Context, program *trial.Program) bool {
		failures, err := suite.Judge(ctx, program, c)
		return err != nil || len(failures) > 0
	}}
}

func matrixTest(probe matrix.Probe, seen map[exchange.Field]exchange.Mask) test {
	name := "matrix " + probe.Section.String() + ", " + probe.Level
	return test{name, []string{probe.Platform, probe.Purpose}, ofMatrix, func(ctx context.Context, program *trial.Program) bool {
		answer, err := program.Decide(ctx, probe.Question)
		return err != nil || !maps.Equal(answer.Grants, seen)
	}}
}

func regoTests(path string, module *ast.Module) []test {
	var tests []test
	about := strings.TrimSuffix(module.Package.Path.String(), "_test")
	for _, rule := range module.Rules {
		name := rule.Path().String()
		if !strings.HasPrefix(name, module.Package.Path.String()+".test_") {
			continue
		}
		where := fmt.Sprintf("rego %s:%d %s", path, rule.Location.Row, strings.TrimPrefix(name, "data."))
		tests = append(tests, test{where, []string{about}, ofRego, func(ctx context.Context, program *trial.Program) bool {
			value, err := program.Ask(ctx, name, nil)
			return err != nil || value == nil || value.Compare(ast.Boolean(true)) != 0
		}})
	}
	return tests
}

// verdict says what became of a mutant: refused by check, killed by the named test, or neither.
type verdict struct {
	refused bool
	killer  string
}

func (v verdict) survived() bool { return !v.refused && v.killer == "" }

func (j *judge) verdict(ctx context.Context, mutant *Mutant) (verdict, error) {
	bounded, cancel := context.WithTimeout(ctx, longestTrial)
	defer cancel()
	draft := mutant.draft(j.opened.Draft)
	program, err := j.program(bounded, mutant, draft)
	if err != nil {
		return verdict{refused: true}, ctx.Err()
	}
	for _, one := range j.ordered(mutant) {
		if one.fails(bounded, program) {
			return verdict{killer: one.name}, ctx.Err()
		}
	}
	return verdict{}, ctx.Err()
}

// program readies a mutant. An error means that the engine would not load it.
func (j *judge) program(ctx context.Context, mutant *Mutant, draft *policies.Draft) (*trial.Program, error) {
	program, err := j.compiled(ctx, mutant, draft)
	if err == nil && j.base != nil && !j.reach[mutant.focus[0]] {
		program.BorrowTable(j.base)
	}
	return program, err
}

func (j *judge) compiled(ctx context.Context, mutant *Mutant, draft *policies.Draft) (*trial.Program, error) {
	if mutant.modules != nil {
		return trial.New(ctx, draft, j.opened.Tests)
	}
	if err := draft.CheckData(); err != nil {
		return nil, err
	}
	return trial.WithCompiler(ctx, draft, j.compiler)
}

// ordered puts first what is most likely to notice: quick tests about what the mistake is about, then other quick ones, and Rego
// tests last, those of the same package before others.
func (j *judge) ordered(mutant *Mutant) []test {
	near := func(t test) int {
		score := t.kind * 10
		if t.kind < ofRego {
			score = 10
		}
		for _, about := range t.about {
			if slices.Contains(mutant.focus, about) {
				score -= 2
			}
		}
		return score
	}
	tests := slices.Clone(j.tests)
	slices.SortStableFunc(tests, func(a, b test) int { return near(a) - near(b) })
	return tests
}
