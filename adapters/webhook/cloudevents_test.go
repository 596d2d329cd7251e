package webhook_test

import (
	"os"
	"path/filepath"
	"testing"

	cloudevents "github.com/cloudevents/sdk-go/v2/event"
	"github.com/go-json-experiment/json"
)

// TestEventsAreCloudEvents has the specification's own library judge the events that [TestEvents] compares to the byte.
func TestEventsAreCloudEvents(t *testing.T) {
	t.Parallel()
	examples, err := filepath.Glob("testdata/*.json")
	if err != nil || len(examples) < 4 {
		t.Fatalf("%d examples, %v", len(examples), err)
	}
	for _, example := range examples {
		text, err := os.ReadFile(example)
		if err != nil {
			t.Fatal(err)
		}
		var read cloudevents.Event
		if err := json.Unmarshal(text, &read); err != nil {
			t.Errorf("%s: %v", example, err)
			continue
		}
		if err := read.Validate(); err != nil {
			t.Errorf("%s: %v", example, err)
		}
		if len(read.Extensions()) != 0 || read.SpecVersion() != "1.0" || read.Subject() != "6f1d0c9a5b7e" || read.DataContentType() != "application/json" {
			t.Errorf("%s was read as %s", example, read)
		}
		var data struct{ Licence string }
		if err := read.DataAs(&data); err != nil || data.Licence != read.Subject() {
			t.Errorf("%s: data %+v, %v", example, data, err)
		}
	}
}
