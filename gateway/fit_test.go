package gateway_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"

	"github.com/zhengqiao/zhengqiao/gateway"
)

// TestWhatFitsIsValid: what is known to fit, the schema library takes too; and what the contract allows, written without escapes, is
// known to fit.
func TestWhatFitsIsValid(t *testing.T) {
	t.Parallel()
	for path, schema := range queries(t) {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				value := generate(t, "", schema)
				body := unescaped(t, value)
				if known, fits := gateway.Fits(schema.Value, body); !known || !fits && !bytes.Contains(body, []byte(`\`)) {
					t.Fatalf("known %v, fits %v: %s", known, fits, body)
				}
				body = unescaped(t, spoil(t, value))
				if rapid.Bool().Draw(t, "scratch") {
					body = scratch(t, body)
				}
				if _, fits := gateway.Fits(schema.Value, body); fits {
					if err := gateway.Judged(schema.Value, body); err != nil {
						t.Fatalf("fits, and yet %v: %s", err, body)
					}
				}
			})
		})
	}
}

func unescaped(t *rapid.T, value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// TestBorders: each bound of a schema holds to the unit.
func TestBorders(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		schema string
		fits   []string
		not    []string
	}{
		"characters": {`{"type": "string", "minLength": 2, "maxLength": 3}`, []string{`"ab"`, `"沪沪沪"`, `"𠮷a"`}, []string{`"a"`, `"𠮷"`, `"abcd"`, `1`, `null`, `"ab"x`, `"ab""ab"`, `"a`, "\"a\xff\"", "\"a\x01\""}},
		"integer":    {`{"type": "integer", "minimum": -1, "maximum": 5}`, []string{`-1`, `5`, ` 0 `}, []string{`-2`, `6`, `0.5`, `01`, `"1"`, `1 1`}},
		"number":     {`{"type": "number", "minimum": 0, "maximum": 1}`, []string{`0`, `1`, `0.5`, `1e0`, `1E-2`}, []string{`1.1`, `-0.1`, `1e999`, `NaN`}},
		"boolean":    {`{"type": "boolean"}`, []string{`true`, `false`}, []string{`null`, `0`, `"true"`, `truefalse`}},
		"enum":       {`{"type": "string", "enum": ["a", "b"]}`, []string{`"a"`}, []string{`"c"`, `""`, `"\u0061 "`}},
		"pattern":    {`{"type": "string", "pattern": "^[a-z]+$"}`, []string{`"a"`}, []string{`""`, `"A"`, `"a\n"`}},
		"array":      {`{"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "boolean"}}`, []string{`[true]`, `[true,true]`}, []string{`[]`, `[true,true,true]`, `[1]`, `[true`, `[true,]`, `{}`}},
		"distinct":   {`{"type": "array", "uniqueItems": true, "items": {"type": "string"}}`, []string{`[]`, `["a","b"]`}, []string{`["a","a"]`, `["a","\u0061"]`, `[1]`}},
		"object": {
			`{"type": "object", "additionalProperties": false, "required": ["a"], "minProperties": 2, "properties": {"a": {"type": "boolean"}, "b": {"type": "boolean"}, "c": {"type": "boolean"}}}`,
			[]string{`{"a":true,"b":true}`}, []string{`{"a":true}`, `{"b":true,"c":true}`, `{"a":true,"a":true}`, `{"a":true,"d":true}`, `{"a":true,"b":null}`, `[]`, `{"a":true,"b":true`, `{"a" "b"}`},
		},
	} {
		var schema openapi3.Schema
		if err := json.Unmarshal([]byte(c.schema), &schema); err != nil {
			t.Fatal(err)
		}
		for _, body := range c.fits {
			if _, fits := gateway.Fits(&schema, []byte(body)); !fits || gateway.Judged(&schema, []byte(body)) != nil {
				t.Errorf("%s: %s does not fit, %v", name, body, gateway.Judged(&schema, []byte(body)))
			}
		}
		for _, body := range c.not {
			if _, fits := gateway.Fits(&schema, []byte(body)); fits {
				t.Errorf("%s: %s fits", name, body)
			}
		}
	}
}

// TestOtherSchemasAreLeftToTheLibrary: a schema that says anything else is not taken for one that doesn't.
func TestOtherSchemasAreLeftToTheLibrary(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{}`, `{"type": ["string", "null"]}`, `{"type": "string", "nullable": true}`, `{"type": "string", "format": "date"}`, `{"type": "string", "const": "a"}`,
		`{"type": "string", "not": {"maxLength": 1}}`, `{"type": "integer", "minimum": 0}`, `{"type": "integer", "minimum": 0, "maximum": 9, "multipleOf": 2}`,
		`{"type": "number", "minimum": 0, "maximum": 1, "enum": [0]}`, `{"type": "string", "enum": [1]}`, `{"type": "object", "properties": {"a": {"type": "boolean"}}}`, `{"type": "array"}`,
		`{"type": "object", "additionalProperties": false, "maxProperties": 1}`, `{"type": "object", "additionalProperties": false, "required": ["a"]}`,
		`{"type": "array", "uniqueItems": true, "items": {"type": "boolean"}}`, `{"type": "array", "items": {"oneOf": [{"type": "boolean"}]}}`, `{"oneOf": [{"type": "string"}]}`,
	} {
		var schema openapi3.Schema
		if err := json.Unmarshal([]byte(text), &schema); err != nil {
			t.Fatal(err)
		}
		if known, _ := gateway.Fits(&schema, []byte(`"a"`)); known {
			t.Errorf("%s is taken", text)
		}
	}
}

// FuzzFit: what is known to fit a licence query is one for the schema library.
func FuzzFit(f *testing.F) {
	good, err := os.ReadFile("testdata/licence.json")
	if err != nil {
		f.Fatal(err)
	}
	schema := queries(f)["/v1/licences/query"].Value
	f.Add(good)
	f.Add(bytes.ReplaceAll(good, []byte("张"), []byte(`\u5f20`)))
	f.Add([]byte(strings.Repeat("[", 40)))
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, fits := gateway.Fits(schema, body); !fits {
			return
		}
		if err := gateway.Judged(schema, body); err != nil {
			t.Fatalf("fits, and yet %v", err)
		}
	})
}
