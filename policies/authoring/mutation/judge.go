package mutation

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/casebook"
	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
	"github.com/zhengqiao/zhengqiao/policies/authoring/matrix"
	"github.com/zhengqiao/zhengqiao/policies/authoring/suite"
	"github.com/zhengqiao/zhengqiao/policies/authoring/trial"
)

// longestTrial is how long one mutant may take. It needs a second or two; what takes so long on a busy machine has not been judged.
const longestTrial = 10 * time.Minute

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
			j.tests = append(j.tests, matrixTest(probe, opened))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(opened.Tests)) {
		j.tests = append(j.tests, regoTests(path, opened.Tests[path])...)
	}
	return j, nil
}

func caseTest(c *casebook.Case) test {
	about := []string{"data.zhengqiao.announce", "announcements", "reporters"}
	switch {
	case c.Study != nil:
		about = []string{"data.zhengqiao.study", "study"}
	case c.BreakGlass != nil:
		about = []string{"data.zhengqiao.breakglass", "breakglass"}
	case c.Request != nil:
		about = []string{c.Request.Platform, c.Request.Purpose.Code}
	}
	return test{"case " + c.Place() + " " + c.Name, about, ofCases, func(ctx context.Context, program *trial.Program) bool {
		failures, err := suite.Judge(ctx, program, c)
		return err != nil || len(failures) > 0
	}}
}

// matrixTest is about its platform, its purpose and all fields that the section shows at some level.
func matrixTest(probe matrix.Probe, opened *folder.Folder) test {
	name := "matrix " + probe.Section.String() + ", " + probe.Level
	about := []string{probe.Platform, probe.Purpose}
	for _, level := range matrix.Levels(opened.Draft.Data) {
		for field := range opened.Book.Seen(matrix.Cell{Section: probe.Section, Level: level}) {
			about = append(about, string(field))
		}
	}
	seen := opened.Book.Seen(probe.Cell)
	return test{name, about, ofMatrix, func(ctx context.Context, program *trial.Program) bool {
		answer, err := program.Decide(ctx, probe.Question)
		return err != nil || !maps.Equal(answer.Grants, seen)
	}}
}

func regoTests(path string, module *ast.Module) []test {
	var tests []test
	about := append(references(module), strings.TrimSuffix(module.Package.Path.String(), "_test"))
	for _, rule := range module.Rules {
		name := rule.Ref().GroundPrefix().String()
		if !strings.HasPrefix(name, module.Package.Path.String()+".test_") {
			continue
		}
		where := fmt.Sprintf("rego %s:%d %s", path, rule.Location.Row, strings.TrimPrefix(name, "data."))
		tests = append(tests, test{where, about, ofRego, func(ctx context.Context, program *trial.Program) bool {
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
	bounded, cancel := context.WithTimeoutCause(ctx, longestTrial, fmt.Errorf("%s: not judged in %s", mutant.ID, longestTrial))
	defer cancel()
	draft := mutant.draft(j.opened.Draft)
	program, err := j.program(bounded, mutant, draft)
	if err != nil {
		return verdict{refused: true}, context.Cause(bounded)
	}
	for _, one := range j.ordered(mutant) {
		if one.fails(bounded, program) {
			return verdict{killer: one.name}, context.Cause(bounded)
		}
	}
	return verdict{}, context.Cause(bounded)
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

// ordered puts first what is likely to notice, as it is about what the mistake is about: quick tests before slow ones, and what has
// most in common with it before the rest.
func (j *judge) ordered(mutant *Mutant) []test {
	type ranked struct {
		test
		common int
	}
	all := make([]ranked, len(j.tests))
	for i, one := range j.tests {
		all[i] = ranked{one, common(one.about, mutant.focus)}
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		return cmp.Or(min(b.common, 1)-min(a.common, 1), a.kind-b.kind, b.common-a.common)
	})
	tests := make([]test, len(all))
	for i, one := range all {
		tests[i] = one.test
	}
	return tests
}

// common counts the names of a list that are in another.
func common(names, others []string) int {
	count := 0
	for _, other := range others {
		if slices.Contains(names, other) {
			count++
		}
	}
	return count
}
