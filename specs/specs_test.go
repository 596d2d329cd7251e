package specs_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/zhengqiao/zhengqiao/specs"
)

func load(t *testing.T) *openapi3.T {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromData(specs.OpenAPI())
	if err != nil {
		t.Fatalf("openapi.yaml: %v", err)
	}
	return document
}

func TestContractIsValidAndSoAreItsExamples(t *testing.T) {
	t.Parallel()
	if err := load(t).Validate(t.Context(), openapi3.EnableExamplesValidation()); err != nil {
		t.Fatal(err)
	}
}

func TestEachSchemaHasItsLimits(t *testing.T) {
	t.Parallel()
	for name, ref := range load(t).Components.Schemas {
		checkLimits(t, name, ref)
	}
}

// checkLimits walks inline schemas only: those referred to are visited under their own name.
func checkLimits(t *testing.T, path string, ref *openapi3.SchemaRef) {
	t.Helper()
	schema := ref.Value
	switch {
	case schema.Type.Is("string") && schema.MaxLength == nil && len(schema.Enum) == 0:
		t.Errorf("%s: a string without maxLength", path)
	case schema.Type.Is("array") && schema.MaxItems == nil:
		t.Errorf("%s: an array without maxItems", path)
	case schema.Type.Is("object") && (schema.AdditionalProperties.Has == nil || *schema.AdditionalProperties.Has):
		t.Errorf("%s: an object that takes unknown members", path)
	case schema.Type.Is("integer") && schema.Min == nil:
		t.Errorf("%s: an integer without minimum", path)
	case schema.ReadOnly || schema.WriteOnly:
		t.Errorf("%s: readOnly and writeOnly are not looked at", path)
	case schema.Type == nil:
		t.Errorf("%s: no type", path)
	}
	for name, property := range schema.Properties {
		if property.Ref == "" {
			checkLimits(t, path+"."+name, property)
		}
	}
	if schema.Items != nil && schema.Items.Ref == "" {
		checkLimits(t, path+"[]", schema.Items)
	}
}

// The documents page shows one language at a time: a description is a Chinese line and then an English one, a summary has
// " / " between the two.
func TestTextsAreInBothLanguages(t *testing.T) {
	t.Parallel()
	document := load(t)
	check := func(where, text, separator string) {
		zh, en, both := strings.Cut(text, separator)
		hasHan := strings.ContainsFunc(zh, func(r rune) bool { return unicode.Is(unicode.Han, r) })
		englishHasHan := strings.ContainsFunc(en, func(r rune) bool { return unicode.Is(unicode.Han, r) })
		if !both || !hasHan && !strings.HasPrefix(zh, "OpenAPI") || en == "" || englishHasHan {
			t.Errorf("%s: want Chinese%sEnglish, have %q", where, separator, text)
		}
	}
	check("info", document.Info.Description, "\n")
	for path, item := range document.Paths.Map() {
		for method, operation := range item.Operations() {
			check(method+" "+path, operation.Summary, " / ")
			check(method+" "+path, operation.Description, "\n")
		}
	}
	for name, ref := range document.Components.Schemas {
		check(name, ref.Value.Description, "\n")
	}
	for name, ref := range document.Components.Responses {
		check(name, *ref.Value.Description, "\n")
	}
}

// A shared byte slice would let one reader change what all others serve.
func TestOpenAPIIsACopy(t *testing.T) {
	t.Parallel()
	first := specs.OpenAPI()
	first[0] ^= 0xFF
	if first[0] == specs.OpenAPI()[0] {
		t.Error("a change to the copy shows in the next one")
	}
}

func TestEachProblemIsComplete(t *testing.T) {
	t.Parallel()
	catalogue, err := specs.Problems()
	if err != nil {
		t.Fatal(err)
	}
	for code, problem := range catalogue {
		if problem.Status < 400 || problem.Status > 599 || problem.RetryAfter < 0 {
			t.Errorf("%s: status %d, retryAfter %d", code, problem.Status, problem.RetryAfter)
		}
		for language, text := range map[string]specs.ProblemText{"zh": problem.ZH, "en": problem.EN} {
			if text.Title == "" || text.Detail == "" || text.Advice == "" {
				t.Errorf("%s: %s text is not complete", code, language)
			}
		}
	}
}

// The contract lists every code, so that a client can be generated with them.
func TestContractListsEachProblem(t *testing.T) {
	t.Parallel()
	catalogue, err := specs.Problems()
	if err != nil {
		t.Fatal(err)
	}
	listed := load(t).Components.Schemas["ProblemCode"].Value.Enum
	if len(listed) != len(catalogue) {
		t.Errorf("the contract lists %d codes, the catalogue has %d", len(listed), len(catalogue))
	}
	for _, code := range listed {
		if _, ok := catalogue[code.(string)]; !ok {
			t.Errorf("%v is not in the catalogue", code)
		}
	}
}
