package adapters_test

import (
	"crypto/rand"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/adapters"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/population"
	"github.com/zhengqiao/zhengqiao/adapters/suihaoban"
	"github.com/zhengqiao/zhengqiao/adapters/suishenban"
	"github.com/zhengqiao/zhengqiao/adapters/tmri"
	"github.com/zhengqiao/zhengqiao/adapters/zheliban"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sections gives the manual's text by the heading that it stands under.
func sections(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../docs/adapters.md")
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{}
	for _, section := range strings.Split(string(text), "\n## ")[1:] {
		heading, body, _ := strings.Cut(section, "\n")
		bodies[heading] = body
	}
	return bodies
}

// example is a source as a configuration file has it.
type example struct {
	ID       string          `yaml:"id"`
	Kind     string          `yaml:"kind"`
	Region   exchange.Region `yaml:"region"`
	Settings ast.Node        `yaml:"settings"`
}

func examples(t *testing.T, section string) []example {
	t.Helper()
	_, block, found := strings.Cut(section, "```yaml\n")
	block, _, ended := strings.Cut(block, "```")
	if !found || !ended {
		t.Fatal("no example")
	}
	var file struct {
		Sources []example `yaml:"sources"`
	}
	if err := yaml.UnmarshalWithOptions([]byte(block), &file, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return file.Sources
}

// TestExamplesOpen opens every example of the manual, as strictly as a configuration file is read.
func TestExamplesOpen(t *testing.T) {
	t.Parallel()
	manual := sections(t)
	for kind, open := range adapters.Kinds() {
		for _, example := range examples(t, manual[kind]) {
			if example.Kind != kind {
				t.Errorf("the section %s has an example of kind %s", kind, example.Kind)
			}
			decode := func(into any) error { return yaml.NodeToValue(example.Settings, into, yaml.Strict()) }
			source, err := open(example.ID, example.Region, decode, outbound.Deps{Secrets: secret(t)})
			if err != nil {
				t.Errorf("%s: %v", example.ID, err)
				continue
			}
			if source.ID != example.ID || source.Kind != kind || source.Region != example.Region {
				t.Errorf("%s was opened as %s of kind %s for %s", example.ID, source.ID, source.Kind, source.Region)
			}
			_ = source.Close()
		}
	}
}

// secret takes references only: an example that shows a secret in the clear would be copied. What is named as a key is one.
func secret(t *testing.T) func(string) (string, error) {
	key, err := smcrypto.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, err := key.MarshalPEM()
	if err != nil {
		t.Fatal(err)
	}
	return func(reference string) (string, error) {
		if !strings.HasPrefix(reference, "file:keys/") {
			t.Errorf("%q is no reference to a file of keys", reference)
		}
		switch {
		case strings.HasSuffix(reference, ".key.pem"):
			return string(text), nil
		case strings.HasSuffix(reference, ".dsn"):
			return "postgres://zhengqiao:secret@front.example:5432/exchange?sslmode=verify-full", nil
		}
		return "0123456789abcdef", nil
	}
}

// TestManualNamesEveryKey keeps the tables of the manual as long as the configurations.
func TestManualNamesEveryKey(t *testing.T) {
	t.Parallel()
	manual := sections(t)
	configs := map[string]reflect.Type{
		population.Kind: reflect.TypeFor[population.Config](), suihaoban.Kind: reflect.TypeFor[suihaoban.Config](),
		suishenban.Kind: reflect.TypeFor[suishenban.Config](), tmri.Kind: reflect.TypeFor[tmri.Config](),
		zheliban.Kind: reflect.TypeFor[zheliban.Config](), "http": reflect.TypeFor[outbound.Config](),
	}
	for _, kind := range slices.Sorted(maps.Keys(adapters.Kinds())) {
		if configs[kind] == nil {
			t.Errorf("this test doesn't know the configuration of %s", kind)
		}
	}
	for heading, config := range configs {
		for _, key := range keys(config) {
			if !strings.Contains(manual[heading], "`"+key+"`") {
				t.Errorf("the section %s doesn't describe %s", heading, key)
			}
		}
	}
}

// keys gives the keys of a configuration and of what it holds, but not of http, which has a section of its own.
func keys(config reflect.Type) []string {
	var all []string
	for i := range config.NumField() {
		key := config.Field(i).Tag.Get("yaml")
		all = append(all, key)
		if inner := config.Field(i).Type; inner.Kind() == reflect.Struct && key != "http" {
			all = append(all, keys(inner)...)
		}
	}
	return all
}
