package suishenban_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/adapters/suishenban"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func good() suishenban.Config {
	return suishenban.Config{
		URL: "https://example.test/zzk", Account: "demo", Password: "file:password", CatMainCode: catalogue,
	}
}

func TestConfigNamesTheBadKey(t *testing.T) {
	t.Parallel()
	cases := []struct {
		key    string
		change func(*suishenban.Config)
	}{
		{"url", func(c *suishenban.Config) { c.URL = "" }},
		{"url", func(c *suishenban.Config) { c.URL += "?" }},
		{"url", func(c *suishenban.Config) { c.URL += "#top" }},
		{"account", func(c *suishenban.Config) { c.Account = "" }},
		{"password", func(c *suishenban.Config) { c.Password = "" }},
		{"catMainCode", func(c *suishenban.Config) { c.CatMainCode = "" }},
		{"catMainCode", func(c *suishenban.Config) { c.CatMainCode = "31010510900099X" }},
		{"sessionLife", func(c *suishenban.Config) { c.SessionLife = time.Minute }},
		{"assumedAge", func(c *suishenban.Config) { c.AssumedAge = -1 }},
		{"failures.X", func(c *suishenban.Config) { c.Failures = row.Failures{"X": exchange.Internal} }},
		{"concurrency", func(c *suishenban.Config) { c.HTTP.Concurrency = -1 }},
	}
	for _, c := range cases {
		config := good()
		c.change(&config)
		deps := outbound.Deps{Secrets: func(string) (string, error) { return password, nil }}
		_, err := suishenban.Open("demo", "310000", adaptertest.Settings(config), deps)
		if err == nil || !strings.Contains(err.Error(), c.key) {
			t.Errorf("%s: error %v", c.key, err)
		}
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	missing := errors.New("no such file")
	deps := outbound.Deps{Secrets: func(string) (string, error) { return "", missing }}
	if _, err := suishenban.Open("demo", "310000", adaptertest.Settings(good()), deps); !errors.Is(err, missing) {
		t.Errorf("without a password: error %v", err)
	}
	deps.Secrets = func(string) (string, error) { return password, nil }
	source, err := suishenban.Open("demo", "310000", adaptertest.Settings(good()), deps)
	if err != nil {
		t.Fatal(err)
	}
	if source.Licences == nil || source.Violations != nil || source.Pictures != nil || source.Identities != nil {
		t.Error("the source offers something else than licences")
	}
}
