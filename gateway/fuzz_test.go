package gateway

import (
	"bytes"
	"encoding/json"
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
