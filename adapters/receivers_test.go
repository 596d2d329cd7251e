package adapters_test

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/zhengqiao/zhengqiao/adapters"
	"github.com/zhengqiao/zhengqiao/adapters/frontdb"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/suihaoban"
	"github.com/zhengqiao/zhengqiao/adapters/suishenban"
	"github.com/zhengqiao/zhengqiao/adapters/webhook"
	"github.com/zhengqiao/zhengqiao/adapters/wechat"
	"github.com/zhengqiao/zhengqiao/adapters/zheliban"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// receiverExamples gives the receivers of a section's example.
func receiverExamples(t *testing.T, section string) []example {
	t.Helper()
	_, block, found := strings.Cut(section, "```yaml\n")
	block, _, ended := strings.Cut(block, "```")
	var file struct {
		Receivers []example `yaml:"receivers"`
	}
	if err := yaml.UnmarshalWithOptions([]byte(block), &file, yaml.Strict()); err != nil || !found || !ended || len(file.Receivers) == 0 {
		t.Fatalf("no example: %v", err)
	}
	return file.Receivers
}

// TestReceiverExamplesOpen opens every example of the manual, as strictly as a configuration file is read.
func TestReceiverExamplesOpen(t *testing.T) {
	t.Parallel()
	manual := sections(t)
	for kind, open := range adapters.Receivers() {
		for _, example := range receiverExamples(t, manual[kind+" receiver"]) {
			decode := func(into any) error { return yaml.NodeToValue(example.Settings, into, yaml.Strict()) }
			receiver, err := open(example.ID, example.Region, decode, outbound.Deps{Secrets: secret(t), Contacts: nobody{}})
			if err != nil {
				t.Errorf("%s: %v", example.ID, err)
				continue
			}
			if receiver.ID != example.ID || receiver.Kind != kind || example.Kind != kind || receiver.Region != example.Region || receiver.Changes == nil {
				t.Errorf("%s was opened as %+v", example.ID, receiver)
			}
			if err := receiver.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// nobody is bound.
type nobody struct{}

func (nobody) Find(context.Context, string, exchange.Subject) (string, error) {
	return "", exchange.Errorf(exchange.NoRecord, "nobody is bound")
}
func (nobody) Take(context.Context, string, string, string, string) error { return nil }
func (nobody) Drop(context.Context, string, string) error                 { return nil }

// TestManualNamesEveryReceiverKey keeps the tables of the manual as long as the configurations.
func TestManualNamesEveryReceiverKey(t *testing.T) {
	t.Parallel()
	manual := sections(t)
	configs := map[string]reflect.Type{
		frontdb.Kind: reflect.TypeFor[frontdb.Config](), suihaoban.Kind: reflect.TypeFor[suihaoban.NoticeConfig](), suishenban.Kind: reflect.TypeFor[suishenban.NoticeConfig](),
		webhook.Kind: reflect.TypeFor[webhook.Config](), wechat.Kind: reflect.TypeFor[wechat.Config](), zheliban.Kind: reflect.TypeFor[zheliban.NoticeConfig](),
	}
	for _, kind := range slices.Sorted(maps.Keys(adapters.Receivers())) {
		if configs[kind] == nil {
			t.Errorf("this test doesn't know the configuration of %s", kind)
			continue
		}
		for _, key := range keys(configs[kind]) {
			if !strings.Contains(manual[kind+" receiver"], "`"+key+"`") {
				t.Errorf("the section %s receiver doesn't describe %s", kind, key)
			}
		}
	}
}
