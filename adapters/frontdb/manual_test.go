package frontdb

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// TestManual decodes the manual's example as strictly as a configuration file is read, and misses keys that aren't described.
func TestManual(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("../../docs/frontdb.md")
	if err != nil {
		t.Fatal(err)
	}
	_, settings, _ := strings.Cut(string(manual), "\n## Configuration\n")
	_, example, _ := strings.Cut(settings, "```yaml\n")
	example, _, ended := strings.Cut(example, "```")
	var config Config
	if err := yaml.UnmarshalWithOptions([]byte(example), &config, yaml.Strict()); err != nil || !ended {
		t.Fatal(err)
	}
	if err := config.Validate(); err != nil || config.Rhythm.Weekday != "Sunday" {
		t.Error(err)
	}
	for _, of := range []reflect.Type{reflect.TypeFor[Config](), reflect.TypeFor[Rhythm]()} {
		for i := range of.NumField() {
			if key := of.Field(i).Tag.Get("yaml"); !strings.Contains(string(manual), "`"+key+"`") {
				t.Errorf("the manual doesn't describe %s", key)
			}
		}
	}
	for _, name := range columnNames {
		if !strings.Contains(string(manual), "`"+name+"`") {
			t.Errorf("the manual doesn't describe the column %s", name)
		}
	}
}
