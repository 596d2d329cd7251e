package policies

import (
	"crypto/sha256"
	"slices"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

func embeddedBundle(t *testing.T) *bundle {
	t.Helper()
	b, err := readBundle(Embedded(), sha256.New)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestCatalogueIsTheContract: every field that an operation can disclose is in the field catalogue. That the catalogue has no
// others, and all that the rules need to know of each, is checked when the policies are loaded.
func TestCatalogueIsTheContract(t *testing.T) {
	t.Parallel()
	catalogue := embeddedBundle(t).data["fields"]
	for _, operation := range operations() {
		for _, field := range exchange.Fields(operation) {
			if got := texts(catalogue, string(field), "operations"); !slices.Contains(got, string(operation)) {
				t.Errorf("%s belongs to %v, in the contract to %s", field, got, operation)
			}
		}
	}
}

// TestReasonsAreUsed: the catalogue has no text for a code that no rule gives. That every code has a text is checked when the
// policies are loaded.
func TestReasonsAreUsed(t *testing.T) {
	t.Parallel()
	b := embeddedBundle(t)
	given := codes(b.modules)
	given[maskUnknown] = nil
	if len(given) < 10 {
		t.Fatalf("only %d codes found in the rules", len(given))
	}
	for code := range b.data["reasons"].(map[string]any) {
		if _, used := given[code]; !used {
			t.Errorf("no rule gives %s", code)
		}
	}
}
