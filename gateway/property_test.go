package gateway_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"
)

// queries are the contract's operations that take a body.
func queries(t tb) map[string]*openapi3.SchemaRef {
	t.Helper()
	found := map[string]*openapi3.SchemaRef{}
	for path, item := range must(loadDocument())(t).document.Paths.Map() {
		if item.Post != nil {
			found[path] = item.Post.RequestBody.Value.Content["application/json"].Schema
		}
	}
	if len(found) != 5 {
		t.Fatalf("the contract has %d queries", len(found))
	}
	return found
}

// keyed says in the header what the body says of itself, as far as it says anything.
func keyed(body []byte) func(*http.Request) {
	var named struct{ ReportID any }
	_ = json.Unmarshal(body, &named) // a body that can't be read has no name
	return func(request *http.Request) {
		if text, ok := named.ReportID.(string); ok && request.URL.Path == "/v1/changes" && !strings.ContainsAny(text, "\x00\r\n") {
			request.Header.Set("Idempotency-Key", text)
		}
	}
}

// Whatever the contract allows is answered. That each answer is as the contract says is checked where it is read.
func TestWhatTheContractAllowsIsAnswered(t *testing.T) {
	t.Parallel()
	for path, schema := range queries(t) {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			rapid.Check(t, func(t *rapid.T) {
				body := must(json.Marshal(generate(t, "", schema)))(t)
				got := r.send(t, r.sign(t, "suishenban", "POST", path, body, keyed(body)))
				if got.status != 200 && (got.status != 202 || path != "/v1/changes") {
					t.Fatalf("status %d: %s\nfor %s", got.status, got.body, body)
				}
			})
		})
	}
}

// Whatever else is sent, signed, gets an answer that the contract documents, and never one that blames the gateway.
func TestWhateverIsSentGetsADocumentedAnswer(t *testing.T) {
	t.Parallel()
	for path, schema := range queries(t) {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			rapid.Check(t, func(t *rapid.T) {
				value := generate(t, "", schema)
				for range rapid.IntRange(1, 3).Draw(t, "times") {
					value = spoil(t, value)
				}
				body := must(json.Marshal(value))(t)
				if rapid.IntRange(0, 4).Draw(t, "scratch") == 0 {
					body = scratch(t, body)
				}
				got := r.send(t, r.sign(t, "suishenban", "POST", path, body, keyed(body)))
				if got.status >= 500 {
					t.Fatalf("status %d: %s\nfor %s", got.status, got.body, body)
				}
			})
			r.checkQuiet(t)
		})
	}
}

// Whatever stands behind the question mark of the feed gets an answer that the contract documents; what it allows gets the feed.
func TestWhateverIsAskedOfTheFeedGetsADocumentedAnswer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.tell(t, "suishenban", 5)
	whole := r.stretch(t, "suishenban", "")
	rapid.Check(t, func(t *rapid.T) {
		good := map[string]string{
			"after": rapid.SampledFrom([]string{"", whole.Next}).Draw(t, "after"), "limit": fmt.Sprint(rapid.IntRange(1, 500).Draw(t, "limit")), "wait": "0",
		}
		var given []string
		allowed := true
		for _, name := range rapid.SliceOfN(rapid.SampledFrom([]string{"after", "limit", "wait", "lang", idGood}), 0, 4).Draw(t, "names") {
			value := good[name]
			if rapid.IntRange(0, 5).Draw(t, "spoil") == 0 {
				value = rapid.SampledFrom([]string{"", "-1", "501", "1e1", "01", "%31", "9.9.00000000", "x", idGood, "a=b", "1.5", "+1"}).Draw(t, "value")
			}
			allowed = allowed && value != "" && value == good[name] && !strings.Contains("&"+strings.Join(given, "&"), "&"+name+"=")
			given = append(given, name+"="+value)
		}
		target := "/v1/changes"
		if len(given) > 0 {
			target += "?" + strings.Join(given, "&")
		}
		got := r.send(t, r.sign(t, "suishenban", "GET", target, nil))
		if allowed && got.status != 200 || !allowed && got.status != 422 {
			t.Fatalf("%s: status %d: %s", target, got.status, got.body)
		}
	})
	r.checkQuiet(t)
}
