package specs_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/goccy/go-yaml"
	"github.com/zhengqiao/zhengqiao/specs"
)

// asyncSchemas gives the schemas of asyncapi.yaml beside those of openapi.yaml, to which they refer: AsyncAPI's own dialect of JSON
// Schema has all that these need, and so does OpenAPI's.
func asyncSchemas(t *testing.T) openapi3.Schemas {
	t.Helper()
	var told, asked map[string]any
	here := strings.ReplaceAll(string(specs.AsyncAPI()), "./openapi.yaml#/", "#/")
	for text, into := range map[string]*map[string]any{here: &told, string(specs.OpenAPI()): &asked} {
		if err := yaml.Unmarshal([]byte(text), into); err != nil {
			t.Fatal(err)
		}
	}
	schemas := asked["components"].(map[string]any)["schemas"].(map[string]any)
	for name, schema := range told["components"].(map[string]any)["schemas"].(map[string]any) {
		if schemas[name] != nil {
			t.Errorf("%s is in both documents", name)
		}
		schemas[name] = schema
	}
	text, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	document, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return document.Components.Schemas
}

// Every reference leads somewhere, in this document or the other.
func TestAsyncReferencesLeadSomewhere(t *testing.T) {
	t.Parallel()
	var document any
	if err := yaml.Unmarshal(specs.AsyncAPI(), &document); err != nil {
		t.Fatal(err)
	}
	schemas, found := asyncSchemas(t), 0
	var walk func(any)
	walk = func(value any) {
		object, _ := value.(map[string]any)
		for _, inner := range object {
			walk(inner)
		}
		reference, refers := object["$ref"].(string)
		if !refers {
			return
		}
		found++
		if _, name, ok := strings.Cut(reference, "#/components/schemas/"); ok {
			if schemas[name] == nil {
				t.Errorf("%s leads nowhere", reference)
			}
			return
		}
		at := document
		for _, step := range strings.Split(strings.TrimPrefix(reference, "#/"), "/") {
			at, _ = at.(map[string]any)[step]
		}
		if at == nil {
			t.Errorf("%s leads nowhere", reference)
		}
	}
	walk(document)
	if found < 8 {
		t.Errorf("only %d references were found", found)
	}
}

// A change has the same members in the feed and in an event, but for its number.
func TestFeedAndWebhookTellTheSame(t *testing.T) {
	t.Parallel()
	schemas := asyncSchemas(t)
	feed, event := schemas["FeedChange"].Value, schemas["LicenceChanged"].Value
	members := slices.Sorted(maps.Keys(feed.Properties))
	members = slices.DeleteFunc(members, func(name string) bool { return name == "number" })
	if got := slices.Sorted(maps.Keys(event.Properties)); !slices.Equal(got, members) {
		t.Errorf("an event has %v, the feed %v", got, members)
	}
	for name, property := range event.Properties {
		if other := feed.Properties[name]; !reflect.DeepEqual(property.Value.Type, other.Value.Type) || property.Value.Pattern != other.Value.Pattern {
			t.Errorf("%s is not the same in both", name)
		}
	}
}

// The events that the webhook's own tests compare to the byte are as the document says.
func TestEventsAreAsTheDocumentSays(t *testing.T) {
	t.Parallel()
	schema := asyncSchemas(t)["LicenceChangedEvent"].Value
	files, err := filepath.Glob("../adapters/webhook/testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no events: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var event any
		if err := json.Unmarshal(text, &event); err != nil {
			t.Fatal(err)
		}
		if err := schema.VisitJSON(event, openapi3.MultiErrors()); err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
		}
	}
}
