package config_test

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml/ast"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

// TestManualDescribesEveryKey keeps the manual's table as long as the configuration: each key with its environment variable, and no
// key that is not there.
func TestManualDescribesEveryKey(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "\n## Keys\n")
	table, _, _ = strings.Cut(table, "\n## ")
	described := map[string]string{} // the table's lines by key
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Za-z.\\[\\]]+)` \\| .*$").FindAllStringSubmatch(table, -1) {
		described[row[1]] = row[0]
	}
	wanted := map[string]string{}
	keysOf(reflect.TypeFor[config.Config](), "", config.Prefix, wanted)
	for key, variable := range wanted {
		row, ok := described[key]
		if !ok {
			t.Errorf("docs/configuration.md does not describe %s", key)
		}
		if found := regexp.MustCompile("`" + config.Prefix + "[A-Z_]+`").FindString(row); strings.Trim(found, "`") != variable {
			t.Errorf("%s: the manual says %s, want %s", key, found, variable)
		}
	}
	for key := range described {
		if _, ok := wanted[key]; !ok {
			t.Errorf("docs/configuration.md describes %s, which is no key", key)
		}
	}
	known, err := config.Variables()
	if err != nil {
		t.Fatal(err)
	}
	for _, variable := range wanted {
		if variable != "" && !slices.Contains(known, variable) {
			t.Errorf("%s does not override anything", variable)
		}
	}
}

// keysOf gives each key of the file with its environment variable, "" if it has none.
func keysOf(section reflect.Type, path, prefix string, into map[string]string) {
	for field := range section.Fields() {
		key, variable := path+field.Tag.Get("yaml"), field.Tag.Get("env")
		inner := field.Type
		if inner.Kind() == reflect.Slice && inner.Elem().Kind() == reflect.Struct {
			inner, key = inner.Elem(), key+"[]"
		}
		switch {
		case !field.IsExported():
		case field.Tag.Get("yaml") == ",inline":
			keysOf(inner, path, prefix, into)
		case inner.Kind() == reflect.Struct && inner != reflect.TypeFor[time.Time]() && inner != reflect.TypeFor[ast.Node]():
			keysOf(inner, key+".", prefix+field.Tag.Get("envPrefix"), into)
		case variable != "" && !strings.Contains(key, "[]"): // the environment can't name a part of a list
			into[key] = prefix + variable
		default:
			into[key] = ""
		}
	}
}
