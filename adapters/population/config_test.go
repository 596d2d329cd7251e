package population_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/population"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestBadSettingsAreNamed(t *testing.T) {
	t.Parallel()
	for key, change := range map[string]func(*population.Config){
		"url":              func(c *population.Config) { c.URL = "ftp://10.0.0.1/" },
		"refreshUrl":       func(c *population.Config) { c.RefreshURL = "http://u:p@10.0.0.1/" },
		"requesterId":      func(c *population.Config) { c.RequesterID = "" },
		"appKey":           func(c *population.Config) { c.AppKey = "" },
		"user":             func(c *population.Config) { c.User = "" },
		"password":         func(c *population.Config) { c.Password = "" },
		"responsible":      func(c *population.Config) { c.Responsible.Name = "" },
		"failures.7":       func(c *population.Config) { c.Failures = row.Failures{"7": exchange.Overloaded} },
		"recordFailures.7": func(c *population.Config) { c.RecordFailures = row.Failures{"7": exchange.Internal} },
		"http: attempts":   func(c *population.Config) { c.HTTP.Attempts = 99 },
	} {
		config := settings("http://10.0.0.1")
		change(&config)
		_, err := population.Open("demo", exchange.National, adaptertest.Settings(config), outbound.Deps{Secrets: secrets("k")})
		if err == nil || !strings.HasPrefix(err.Error(), key) {
			t.Errorf("%s: got %v", key, err)
		}
	}
}

func TestMissingSecretsAreNamed(t *testing.T) {
	t.Parallel()
	for reference, key := range map[string]string{
		"file:appkey": "appKey: ", "file:password": "password: ", "file:responsible": "responsible.idNumber: ",
	} {
		_, err := population.Open("demo", exchange.National, adaptertest.Settings(settings("http://10.0.0.1")), outbound.Deps{
			Secrets: func(asked string) (string, error) {
				if asked == reference {
					return "", errors.New("no such file")
				}
				return "x", nil
			},
		})
		if err == nil || !strings.HasPrefix(err.Error(), key) {
			t.Errorf("%s: got %v", key, err)
		}
	}
}

// What the documentation of Config shows can be written in a file, and only that.
func TestConfigurationFile(t *testing.T) {
	t.Parallel()
	const text = `
url: https://10.0.0.1/gateway/services/GK_GXFW_SFHC
refreshUrl: https://10.0.0.1/sysapi/auth/refreshSecret
requesterId: r-demo-0001
appKey: file:appkey
user: demo
password: file:password
system: {code: ZQ, name: 政桥}
recordFailures: {"2": source-down}
http: {attempts: 3}
`
	open := func(text string) (*exchange.Source, error) {
		decode := func(into any) error { return yaml.NewDecoder(bytes.NewBufferString(text), yaml.Strict()).Decode(into) }
		return population.Open("demo", exchange.National, decode, outbound.Deps{Secrets: secrets("k")})
	}
	source, err := open(text)
	if err != nil {
		t.Fatal(err)
	}
	if source.Identities == nil || source.Licences != nil || source.Kind != "population" {
		t.Errorf("the source offers %+v", source)
	}
	if _, err := open(text + "apkey: typing-error\n"); err == nil {
		t.Error("an unknown key was taken")
	}
}
