package gateway_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"
)

// tb is what helpers need of a test; rapid's tests are ones too.
type tb interface {
	Helper()
	Errorf(format string, args ...any)
	Error(args ...any)
	Fatalf(format string, args ...any)
	Fatal(args ...any)
	Cleanup(func())
}

// generate draws a value that the schema allows. Where the schema can't say all that the contract asks for, the drawing is by
// name: ID numbers with the right check character, names that the source can match, labels that can be seen, days that exist,
// times that have come.
func generate(t *rapid.T, place string, ref *openapi3.SchemaRef) any {
	if special := byName(t, place, ref); special != nil {
		return special
	}
	schema := ref.Value
	switch {
	case len(schema.Enum) > 0:
		return rapid.SampledFrom(schema.Enum).Draw(t, place)
	case schema.Type.Is("object"):
		return generateObject(t, place, schema)
	case schema.Type.Is("array"):
		return generateArray(t, place, schema)
	case schema.Type.Is("boolean"):
		return rapid.Bool().Draw(t, place)
	case schema.Type.Is("integer"):
		return rapid.IntRange(int(*schema.Min), int(*schema.Max)).Draw(t, place)
	case schema.Type.Is("number"):
		return rapid.Float64Range(*schema.Min, *schema.Max).Draw(t, place)
	}
	return rapid.StringMatching(boundedPattern(schema)).Draw(t, place)
}

func byName(t *rapid.T, place string, ref *openapi3.SchemaRef) any {
	day := func(from, to int) time.Time {
		first := time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC)
		return first.Add(time.Duration(rapid.IntRange(0, (to-from)*365*24*3600).Draw(t, place)) * time.Second)
	}
	switch ref.Ref[strings.LastIndexByte(ref.Ref, '/')+1:] {
	case "IDNumber":
		stem := rapid.SampledFrom([]string{"110105", "310104", "440103", "650102"}).Draw(t, place+" division") +
			day(1930, 2020).Format("20060102") + fmt.Sprintf("%03d", rapid.IntRange(0, 999).Draw(t, place+" sequence"))
		return stem + checkCharacter(stem)
	case "Name":
		return rapid.SampledFrom([]string{"张三", "买买提·阿不都热合曼", "㐂𠮷", "José Núñez", "O'Neil \"X\" <b>", "a"}).Draw(t, place)
	case "Moment":
		return day(2020, 2026).Format(time.RFC3339)
	case "Date":
		return day(2027, 2099).Format("2006-01-02")
	case "Region":
		return rapid.SampledFrom([]string{"110000", "310000", "330000", "440000", "650000"}).Draw(t, place)
	case "Label":
		return rapid.StringMatching(boundedPattern(ref.Value)).Draw(t, place) + "a" // not blank
	case "PastDate":
		return day(1990, 2026).Format("2006-01-02")
	case "Facts":
		return generateFacts(t, place, ref.Value)
	case "FileNumber":
		return "310000000001" // the one that the source has on file
	}
	return nil
}

// checkCharacter is written apart from the domain's: weights as the table of GB 11643 prints them.
func checkCharacter(stem string) string {
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += weight * int(stem[i]-'0')
	}
	return string("10X98765432"[sum%11])
}

// boundedPattern gives a pattern that repeats its last class no more than the length allows; short texts are enough.
func boundedPattern(schema *openapi3.Schema) string {
	if class, open := strings.CutSuffix(schema.Pattern, "+$"); open {
		return fmt.Sprintf("%s{%d,%d}$", class, max(schema.MinLength, 1), min(*schema.MaxLength, 16))
	}
	return schema.Pattern
}

func generateObject(t *rapid.T, place string, schema *openapi3.Schema) any {
	object := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		if slices.Contains(schema.Required, name) || rapid.Bool().Draw(t, place+"/"+name+" given") {
			object[name] = generate(t, place+"/"+name, schema.Properties[name])
		}
	}
	return object
}

// generateFacts says something, and a card's day only with its number.
func generateFacts(t *rapid.T, place string, schema *openapi3.Schema) any {
	facts := generateObject(t, place, schema).(map[string]any)
	if facts["cardNumber"] == nil && facts["replacements"] == nil {
		delete(facts, "issuedOn")
	}
	if len(facts) == 0 {
		facts["points"] = 12
	}
	return facts
}

func generateArray(t *rapid.T, place string, schema *openapi3.Schema) any {
	items := []any{}
	for i := range rapid.IntRange(int(schema.MinItems), min(int(*schema.MaxItems), 5)).Draw(t, place+" items") {
		item := generate(t, fmt.Sprintf("%s/%d", place, i), schema.Items)
		if !schema.UniqueItems || !slices.Contains(items, item) {
			items = append(items, item)
		}
	}
	return items
}

// spoil changes one place of a value in some way that may or may not break the contract.
func spoil(t *rapid.T, value any) any {
	places := containers(value)
	place := rapid.SampledFrom(places).Draw(t, "container")
	junk := rapid.SampledFrom([]any{
		nil, true, -1, 1e300, 0.5, "", "\x00", strings.Repeat("长", 600), idGood, []any{}, map[string]any{}, []any{nil, []any{}},
		map[string]any{"a": map[string]any{"b": 1}}, "2026-02-30", "x\r\ny",
	}).Draw(t, "junk")
	switch container := place.(type) {
	case map[string]any:
		spoilObject(t, container, junk)
	case []any:
		if len(container) > 0 {
			container[rapid.IntRange(0, len(container)-1).Draw(t, "index")] = junk
		}
	}
	return value
}

func spoilObject(t *rapid.T, object map[string]any, junk any) {
	names := append(slices.Sorted(maps.Keys(object)), "extra", idWrongCheck)
	name := rapid.SampledFrom(names).Draw(t, "member")
	if rapid.Bool().Draw(t, "delete") {
		delete(object, name)
		return
	}
	object[name] = junk
}

// containers lists the objects and arrays in a value, itself first.
func containers(value any) []any {
	list := []any{value}
	switch container := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(container)) {
			list = append(list, inner(container[name])...)
		}
	case []any:
		for _, item := range container {
			list = append(list, inner(item)...)
		}
	}
	return list
}

func inner(value any) []any {
	switch value.(type) {
	case map[string]any, []any:
		return containers(value)
	}
	return nil
}

// scratch damages a text: a piece cut out, doubled, or a byte changed.
func scratch(t *rapid.T, text []byte) []byte {
	from := rapid.IntRange(0, len(text)-1).Draw(t, "from")
	to := rapid.IntRange(from, min(from+40, len(text))).Draw(t, "to")
	switch rapid.IntRange(0, 2).Draw(t, "damage") {
	case 0:
		return slices.Concat(text[:from], text[to:])
	case 1:
		return slices.Concat(text[:to], text[from:])
	}
	damaged := slices.Clone(text)
	damaged[from] = rapid.Byte().Draw(t, "byte")
	return damaged
}
