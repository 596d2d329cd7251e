package webhook_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/webhook"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
)

func TestConfigNamesTheBadKey(t *testing.T) {
	t.Parallel()
	keys := oneKey(t)
	keys["file:other"] = "-----BEGIN PRIVATE KEY-----"
	for name, c := range map[string]struct {
		change func(*webhook.Config)
		key    string
	}{
		"no url":                  {func(c *webhook.Config) { c.URL = "" }, "url:"},
		"a url with a query":      {func(c *webhook.Config) { c.URL += "?token=1" }, "url:"},
		"a url with a password":   {func(c *webhook.Config) { c.URL = "https://a:b@example.test/" }, "url:"},
		"another protocol":        {func(c *webhook.Config) { c.URL = "ftp://example.test/" }, "url:"},
		"a path":                  {func(c *webhook.Config) { c.HeldURL = "/held" }, "heldUrl:"},
		"no key":                  {func(c *webhook.Config) { c.Key = "" }, "key:"},
		"a file that is missing":  {func(c *webhook.Config) { c.Key = "file:missing" }, "key:"},
		"the same key twice":      {func(c *webhook.Config) { c.OldKey = c.Key }, "oldKey:"},
		"an old key that is none": {func(c *webhook.Config) { c.OldKey = "file:other" }, "oldKey:"},
		"another content":         {func(c *webhook.Config) { c.Content = "whole" }, "content:"},
		"too many attempts":       {func(c *webhook.Config) { c.HTTP.Attempts = 99 }, "http: attempts:"},
	} {
		config := settings("https://example.test", "")
		c.change(&config)
		_, err := webhook.OpenReceiver("demo", "310000", adaptertest.Settings(config), outbound.Deps{Secrets: keys.text})
		if err == nil || !strings.HasPrefix(err.Error(), c.key) || strings.Contains(err.Error(), "BEGIN") {
			t.Errorf("%s: error %v, want one of %s", name, err, c.key)
		}
	}
}

func TestOpenReceiver(t *testing.T) {
	t.Parallel()
	config := settings("https://example.test", "")
	config.HeldURL = ""
	receiver := open(t, config, oneKey(t), outbound.Deps{})
	if receiver.Changes == nil || receiver.Holdings != nil || receiver.Region != "310000" || receiver.Kind != webhook.Kind || receiver.ID != "demo" {
		t.Errorf("opened %+v", receiver)
	}
	wrong := func(any) error { return errNoFile }
	if _, err := webhook.OpenReceiver("demo", "310000", wrong, outbound.Deps{}); !errors.Is(err, errNoFile) {
		t.Errorf("settings that can't be read: error %v", err)
	}
	noKey := outbound.Deps{Secrets: files{"file:key": "x"}.text}
	if _, err := webhook.OpenReceiver("demo", "310000", adaptertest.Settings(config), noKey); !errors.Is(err, smcrypto.ErrKeyFormat) {
		t.Errorf("a key that is none: error %v", err)
	}
}
