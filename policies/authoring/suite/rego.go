package suite

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"

	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
)

// regoTimeout is how long one Rego test may take. The slowest shipped one needs a third of a second; a busy machine takes its time.
const regoTimeout = 10 * time.Minute

// runRego runs the tests in Rego with OPA's own runner. Those that fail are run again with a trace, which tells where.
func runRego(ctx context.Context, opened *folder.Folder, reached *cover.Cover) ([]Result, error) {
	found, err := regoRun(ctx, opened, func(runner *tester.Runner) { runner.SetCoverageQueryTracer(reached).SetCoverageRuns(nil) })
	if err != nil {
		return nil, err
	}
	failed := map[string]*tester.Result{}
	if names := failedIn(found); len(names) > 0 {
		again, err := regoRun(ctx, opened, func(runner *tester.Runner) { runner.Filter(names).EnableTracing(true) })
		if err != nil {
			return nil, err
		}
		for _, one := range again {
			failed[nameOf(one)] = one
		}
	}
	var results []Result
	for _, one := range found {
		if traced := failed[nameOf(one)]; traced != nil {
			one = traced
		}
		results = append(results, fromTester(one))
	}
	slices.SortFunc(results, func(a, b Result) int { return cmp.Compare(a.Name, b.Name) })
	return results, ctx.Err()
}

// regoRun runs with production's restrictions. The table is computed and not settled before, so that a test may put other data below it.
func regoRun(ctx context.Context, opened *folder.Folder, configure func(*tester.Runner)) ([]*tester.Result, error) {
	modules := maps.Clone(opened.Draft.Modules)
	maps.Copy(modules, opened.Tests)
	store := inmem.NewFromObject(opened.Draft.Data)
	txn, err := store.NewTransaction(ctx, storage.TransactionParams{})
	if err != nil {
		return nil, fmt.Errorf("open the data: %w", err)
	}
	defer store.Abort(ctx, txn)
	runner := tester.NewRunner().SetCompiler(opened.Draft.Compiler()).SetStore(store).SetModules(modules).RaiseBuiltinErrors(true).
		SetTimeout(regoTimeout)
	configure(runner)
	found, err := runner.RunTests(ctx, txn)
	if err != nil {
		return nil, fmt.Errorf("run the Rego tests: %w", err)
	}
	var results []*tester.Result
	for one := range found {
		results = append(results, one)
	}
	return results, nil
}

// failedIn gives a pattern of the names of the tests that failed, "" if none did.
func failedIn(results []*tester.Result) string {
	var names []string
	for _, one := range results {
		if one.Fail {
			names = append(names, regexp.QuoteMeta(nameOf(one)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "^(" + strings.Join(names, "|") + ")$"
}

func nameOf(one *tester.Result) string { return one.Package + "." + one.Name }

func fromTester(one *tester.Result) Result {
	result := Result{
		Kind: Rego, Name: strings.TrimPrefix(nameOf(one), "data."),
		Place: placeOf(one.Location.File, one.Location.Row), Took: one.Duration,
	}
	switch {
	case one.Error != nil:
		result.Failures = []string{one.Error.Error()}
	case one.Skip:
		result.Failures = []string{"skipped: a test that does not run holds nothing"}
	case one.Fail:
		result.Failures = []string{failedAt(one)}
	}
	return result
}

// failedAt says which condition of a test did not hold: of those in its text that failed, the one that stands last, since those before
// it held at some time.
func failedAt(one *tester.Result) string {
	var last *ast.Location
	for _, event := range one.Trace {
		at := event.Location
		if event.Op != topdown.FailOp || at == nil || !within(at, one.Location) {
			continue
		}
		if last == nil || at.Row > last.Row {
			last = at
		}
	}
	if last == nil {
		return "does not hold"
	}
	text, _, _ := strings.Cut(string(last.Text), "\n")
	return fmt.Sprintf("%s: does not hold: %s", placeOf(last.File, last.Row), text)
}

// within says whether a place is in the text of a rule.
func within(at, rule *ast.Location) bool {
	end := rule.Row + strings.Count(string(rule.Text), "\n")
	return at.File == rule.File && at.Row >= rule.Row && at.Row <= end
}
