package suite

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"

	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
)

// regoTimeout is how long one Rego test may take. The slowest shipped one needs a third of a second.
const regoTimeout = time.Minute

// runRego runs the tests in Rego with OPA's own runner and production's restrictions. The table is computed and not settled before,
// so that a test may put other data below it.
func runRego(ctx context.Context, opened *folder.Folder, reached *cover.Cover) ([]Result, error) {
	modules := maps.Clone(opened.Draft.Modules)
	maps.Copy(modules, opened.Tests)
	store := inmem.NewFromObject(opened.Draft.Data)
	txn, err := store.NewTransaction(ctx, storage.TransactionParams{})
	if err != nil {
		return nil, fmt.Errorf("open the data: %w", err)
	}
	defer store.Abort(ctx, txn)
	found, err := tester.NewRunner().SetCompiler(opened.Draft.Compiler()).SetStore(store).SetModules(modules).
		RaiseBuiltinErrors(true).SetTimeout(regoTimeout).SetCoverageQueryTracer(reached).SetCoverageRuns(nil).EnableTracing(false).
		RunTests(ctx, txn)
	if err != nil {
		return nil, fmt.Errorf("run the Rego tests: %w", err)
	}
	var results []Result
	for one := range found {
		results = append(results, fromTester(one))
	}
	slices.SortFunc(results, func(a, b Result) int { return cmp.Compare(a.Name, b.Name) })
	return results, ctx.Err()
}

func fromTester(one *tester.Result) Result {
	result := Result{
		Kind: Rego, Name: strings.TrimPrefix(one.Package, "data.") + "." + one.Name,
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

// failedAt says which condition of a test did not hold.
func failedAt(one *tester.Result) string {
	if at := one.FailedAt; at != nil && at.Location != nil {
		text, _, _ := strings.Cut(string(at.Location.Text), "\n")
		return fmt.Sprintf("%s: does not hold: %s", placeOf(at.Location.File, at.Location.Row), text)
	}
	return "does not hold"
}
