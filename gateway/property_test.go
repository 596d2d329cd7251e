package gateway_test

import (
	"encoding/json"
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
	if len(found) != 3 {
		t.Fatalf("the contract has %d queries", len(found))
	}
	return found
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
				got := r.send(t, r.sign(t, "suishenban", "POST", path, body))
				if got.status != 200 {
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
				got := r.send(t, r.sign(t, "suishenban", "POST", path, body))
				if got.status >= 500 {
					t.Fatalf("status %d: %s\nfor %s", got.status, got.body, body)
				}
			})
			r.checkQuiet(t)
		})
	}
}
