package gateway

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// FuzzUnderstand drives a body through everything that reads it: bounds, JSON, contract, types, domain. What is accepted must
// be JSON for the standard library too, within the depth, and about a person with a whole ID number; what is refused must
// say nothing of the body.
func FuzzUnderstand(f *testing.F) {
	good, err := os.ReadFile("testdata/licence.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"{}", "null", `{"a":1,"a":2}`, strings.Repeat("[", 40), `"\ud800"`, `{"subject":{"idNumber":1e999}}`, "[,", "\\\""} {
		f.Add([]byte(seed))
	}
	f.Add(good)
	f.Add(bytes.Replace(good, []byte("86400"), []byte("1e3"), 1))
	c, err := loadContract()
	if err != nil {
		f.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		query := &exchange.Query{Received: now}
		err := (&Gateway{contract: c}).read(body, "queryLicence", &queryReader{query: query, home: "310000"}, readLicence)
		if err != nil {
			checkRefusal(t, err)
			return
		}
		if !json.Valid(body) || query.Subject.IDNumber.IsZero() || !query.Region.Provincial() {
			t.Errorf("accepted: %q", body)
		}
	})
}

// FuzzUnderstandReport is the same for a report: what is accepted says something, of somebody, and names itself as the header does.
func FuzzUnderstandReport(f *testing.F) {
	good, err := os.ReadFile("testdata/change.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	for _, change := range [][2]string{{`["B", "D"]`, `["W"]`}, {`"points": 12`, `"points": 1e2`}, {"2030-05-09", "2030-02-30"}, {`"sequence": 17`, `"sequence": 1e300`}} {
		f.Add(bytes.Replace(good, []byte(change[0]), []byte(change[1]), 1))
	}
	c, err := loadContract()
	if err != nil {
		f.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 1, 30, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		query, report := &exchange.Query{Received: now}, &exchange.Report{}
		decode := func(body []byte, r *queryReader) error { return readReport(body, "ssb-1", r, report) }
		err := (&Gateway{contract: c}).read(body, "reportChange", &queryReader{query: query, home: "310000"}, decode)
		if err != nil {
			if code := exchange.CodeOf(err); code != exchange.MalformedJSON && code != exchange.InvalidRequest {
				t.Errorf("refused as %s", code)
			}
			return
		}
		if !json.Valid(body) || query.Subject.IDNumber.IsZero() || report.ID != "ssb-1" || report.Happened.IsZero() || len(report.Facts.Said()) == 0 {
			t.Errorf("accepted: %q", body)
		}
	})
}

// FuzzWrongQuery: an accepted query string has declared parameters only, each once, and no escape.
func FuzzWrongQuery(f *testing.F) {
	c, err := loadContract()
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", "limit=1", "limit=1&wait=30&after=0.0.00000000", "limit=1&limit=1", "x=1", "limit=%31", "limit=+1", ";", "&&", "limit", "="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		if len(c.operations["readChanges"].wrongQuery(&url.URL{RawQuery: query})) > 0 {
			return
		}
		values, err := url.ParseQuery(query)
		for name, given := range values {
			if name != "after" && name != "limit" && name != "wait" || len(given) != 1 || given[0] == "" {
				t.Errorf("accepted %q", query)
			}
		}
		if err != nil || strings.ContainsAny(query, "%+;") {
			t.Errorf("accepted %q, %v", query, err)
		}
	})
}

func checkRefusal(t *testing.T, err error) {
	t.Helper()
	code := exchange.CodeOf(err)
	if code != exchange.MalformedJSON && code != exchange.InvalidRequest {
		t.Errorf("refused as %s", code)
	}
	for _, pointer := range failureOf(err).Pointers {
		if strings.ContainsAny(pointer.Pointer, "3456789") && !strings.Contains(pointer.Pointer, "/authentications/") && !strings.Contains(pointer.Pointer, "/fields/") {
			t.Errorf("a pointer with digits of the body: %s", pointer.Pointer)
		}
	}
}

// FuzzCanonicalPath: an accepted path is one that no reader can see differently.
func FuzzCanonicalPath(f *testing.F) {
	for _, seed := range []string{"/", "/v1/licences/query", "//", "/./", "/../", "/%2F", "/a/..", "/\x00", "*"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		if canonical(path) && (strings.ContainsAny(path, "%\\;?#\x00 ") || strings.Contains(path, "//") || strings.Contains(path+"/", "/../")) {
			t.Errorf("accepted %q", path)
		}
	})
}
