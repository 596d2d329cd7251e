package policies

import (
	"crypto/sha256"
	"maps"
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

// TestCatalogueIsTheContract: every field that an operation can disclose is in the field catalogue under that operation, with
// all that the rules need to know about it, and nothing else is.
func TestCatalogueIsTheContract(t *testing.T) {
	t.Parallel()
	b := embeddedBundle(t)
	catalogue := b.data["fields"].(map[string]any)
	contract := map[string]exchange.Operation{}
	for _, operation := range []exchange.Operation{exchange.LicenceQuery, exchange.ViolationsQuery, exchange.PictureQuery} {
		for _, field := range exchange.Fields(operation) {
			contract[string(field)] = operation
		}
	}
	if want, got := slices.Sorted(maps.Keys(contract)), slices.Sorted(maps.Keys(catalogue)); !slices.Equal(want, got) {
		t.Fatalf("catalogue %v, contract %v", got, want)
	}
	for name, entry := range catalogue {
		checkField(t, b, name, contract[name], entry.(map[string]any))
	}
}

func checkField(t *testing.T, b *bundle, name string, operation exchange.Operation, entry map[string]any) {
	t.Helper()
	if entry["operation"] != string(operation) {
		t.Errorf("%s belongs to %v, in the contract to %s", name, entry["operation"], operation)
	}
	for _, text := range []string{"column", "zh", "en"} {
		if s, _ := entry[text].(string); s == "" {
			t.Errorf("%s has no %s", name, text)
		}
	}
	if _, known := b.data["sensitivity"].(map[string]any)[entry["sensitivity"].(string)]; !known {
		t.Errorf("%s is of an unknown class %v", name, entry["sensitivity"])
	}
	masks := entry["masks"].(map[string]any)
	if masks["usual"] == nil {
		t.Errorf("%s has no usual mask", name)
	}
	for place, mask := range masks {
		if !exchange.Mask(mask.(string)).Known() || !slices.Contains([]string{"usual", "owner", "thirdParty"}, place) {
			t.Errorf("%s: mask %s %v", name, place, mask)
		}
	}
}

// TestDataRefersToWhatExists: the names that platforms and purposes use are those of the other files.
func TestDataRefersToWhatExists(t *testing.T) {
	t.Parallel()
	data := embeddedBundle(t).data
	levels := data["assurance"].(map[string]any)["levels"].([]any)
	for name, p := range data["platforms"].(map[string]any) {
		platform := p.(map[string]any)
		mustHave(t, name, data["tiers"], platform["tier"])
		fields, _ := platform["fields"].([]any)
		mustHave(t, name, data["fields"], fields...)
		for purpose, zones := range platform["purposes"].(map[string]any) {
			mustHave(t, name, data["purposes"], purpose)
			for zone, level := range zones.(map[string]any) {
				if !slices.Contains(levels, level) || zone != "home" && zone != "away" {
					t.Errorf("%s, %s: %s %v", name, purpose, zone, level)
				}
			}
		}
	}
	for name, p := range data["purposes"].(map[string]any) {
		purpose := p.(map[string]any)
		mustHave(t, name, data["fields"], purpose["fields"].([]any)...)
		mustHave(t, name, data["legalBases"], purpose["legalBases"].([]any)...)
	}
}

func mustHave(t *testing.T, who string, document any, names ...any) {
	t.Helper()
	for _, name := range names {
		if _, known := document.(map[string]any)[name.(string)]; !known {
			t.Errorf("%s names %v, which does not exist", who, name)
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
