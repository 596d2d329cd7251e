package gateway_test

import (
	"encoding/json"
	"html"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// page gets the documents in English.
func page(t *testing.T) string {
	t.Helper()
	return string(newRig(t).fetch(t, "/docs?lang=en", "zh").body)
}

// The page keeps the contract's order, which was written to be read: who is asked about comes first.
func TestDocumentsKeepTheOrderOfTheContract(t *testing.T) {
	t.Parallel()
	rest := html.UnescapeString(page(t))
	for _, part := range []string{
		`id="queryLicence"`, `"subject"`, `"region"`, `"purpose"`, `"authentications"`, `"maxAge"`, `id="queryViolations"`, `id="queryPicture"`,
		`id="getCapabilities"`, `id="getOpenAPI"`, `id="getDocs"`, `id="getProblem"`, `id="LicenceRequest"`, "<code>subject</code>", "<code>region</code>",
	} {
		_, behind, found := strings.Cut(rest, part)
		if !found {
			t.Fatalf("%s is not where it should be", part)
		}
		rest = behind
	}
}

// The examples on the page are read in a second way, so they are held to what the contract's own reader sees.
func TestExamplesOnThePageAreTheContracts(t *testing.T) {
	t.Parallel()
	text := page(t)
	var shown []any
	for _, block := range regexp.MustCompile(`(?s)<pre>(\{.*?)</pre>`).FindAllStringSubmatch(text, -1) {
		var value any
		if err := json.Unmarshal([]byte(html.UnescapeString(block[1])), &value); err != nil {
			t.Errorf("%v: %s", err, block[1])
		}
		shown = append(shown, value)
	}
	examples := must(loadDocument())(t).document.Components.Examples
	if len(shown) != len(examples) {
		t.Errorf("%d examples are shown of %d", len(shown), len(examples))
	}
	for name, example := range examples {
		var want any
		if err := json.Unmarshal(must(json.Marshal(example.Value.Value))(t), &want); err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(shown, func(one any) bool { return reflect.DeepEqual(one, want) }) {
			t.Errorf("%s is not shown as it stands in the contract", name)
		}
	}
}

func TestDocumentsSayWhatAValueMustBe(t *testing.T) {
	t.Parallel()
	text := html.UnescapeString(page(t))
	for _, want := range []string{
		`array of <a href="#Vehicle">Vehicle</a>, 0–10`, "unknown | unpaid | paid | none-due", "string, 6, ^[0-9]{6}$",
		"integer, 0–1000000000", "integer, ≥ 0", "array of A1 | A2 | A3 |", "array of string, 1–64, 0–32",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if run := regexp.MustCompile(`\b(\d+)–(\d+)\b`); slices.ContainsFunc(run.FindAllStringSubmatch(text, -1), func(m []string) bool { return m[1] == m[2] }) {
		t.Error("a range has one value at both ends")
	}
}

func TestReaderChoosesTheLanguage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, c := range []struct{ path, accept, want, other string }{
		{"/docs?lang=en", "zh", "en", "?lang=zh"}, {"/docs?lang=zh", "en", "zh-CN", "?lang=en"}, {"/docs?lang=fr", "en", "en", "?lang=zh"},
		{"/docs?lang=en&lang=zh", "zh", "en", "?lang=zh"}, {"/docs?%zz", "", "zh-CN", "?lang=en"},
		{"/problems/internal?lang=en", "zh", "en", "?lang=zh"}, {"/problems/internal?lang=zh", "en", "zh-CN", "?lang=en"},
	} {
		got := r.fetch(t, c.path, c.accept)
		if got.status != 200 || got.header.Get("Content-Language") != c.want || !strings.Contains(string(got.body), `lang="`+c.want+`">`) ||
			!strings.Contains(string(got.body), `href="`+c.other+`"`) {
			t.Errorf("%s for %q: status %d in %s", c.path, c.accept, got.status, got.header.Get("Content-Language"))
		}
	}
}

// What people type leads to the page, signed like every answer; other methods and anything behind a ? are no such place.
func TestTypedAddressesLeadToThePage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for path, want := range map[string]string{"/": "/docs", "/docs/": "/docs", "/problems": "/docs#problems", "/problems/": "/docs#problems"} {
		got := r.raw(t, "GET "+path+" HTTP/1.1")
		if got.status != http.StatusFound || got.header.Get("Location") != want || got.header.Get("Signature") == "" || len(got.body) != 0 {
			t.Errorf("%s: status %d to %q", path, got.status, got.header.Get("Location"))
		}
	}
	for _, line := range []string{"POST /", "HEAD /docs/", "GET /docs/?x=" + idGood, "GET //", "GET /docs//"} {
		if got := r.raw(t, line+" HTTP/1.1", "Content-Length: 0"); got.status != http.StatusNotFound || got.header.Get("Location") != "" {
			t.Errorf("%s: status %d", line, got.status)
		}
	}
	r.checkQuiet(t)
}
