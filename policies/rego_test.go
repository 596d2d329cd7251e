package policies

import (
	"crypto/sha256"
	"io/fs"
	"maps"
	"os"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
)

// TestRego runs the tests that are written in Rego, as `opa test *.rego data` would, with the restrictions of production. The
// table is computed here and not settled beforehand, so data may be replaced below it.
func TestRego(t *testing.T) {
	t.Parallel()
	b, err := readBundle(Embedded(), sha256.New)
	if err != nil {
		t.Fatal(err)
	}
	store := inmem.NewFromObject(b.data)
	txn := storage.NewTransactionOrDie(t.Context(), store)
	defer store.Abort(t.Context(), txn)
	results, err := tester.NewRunner().SetCompiler(newCompiler(b.schemas)).SetStore(store).SetModules(withTests(t, b.modules)).
		RaiseBuiltinErrors(true).SetTimeout(5*time.Minute).RunTests(t.Context(), txn)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for result := range results {
		count++
		if !result.Pass() {
			t.Errorf("%s %s", result, result.Location)
		}
	}
	if count < 30 {
		t.Errorf("%d tests ran", count)
	}
}

func withTests(t *testing.T, modules map[string]*ast.Module) map[string]*ast.Module {
	t.Helper()
	all := maps.Clone(modules)
	paths, err := fs.Glob(os.DirFS("."), "*_test.rego")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[path] = ast.MustParseModuleWithOpts(string(content), ast.ParserOptions{RegoVersion: ast.RegoV1})
	}
	return all
}
