package tmri_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/adapters/tmri"
	"github.com/zhengqiao/zhengqiao/exchange"
)

func TestBadSettingsAreNamed(t *testing.T) {
	t.Parallel()
	for key, change := range map[string]func(*tmri.Config){
		"url":                 func(c *tmri.Config) { c.URL = "10.0.0.1" },
		"port":                func(c *tmri.Config) { c.Port = "middle" },
		"front":               func(c *tmri.Config) { c.Front = "iis" },
		"operation":           func(c *tmri.Config) { c.Operation = "writeObjectOut" },
		"jkxlh":               func(c *tmri.Config) { c.Serial = "" },
		"interfaces":          func(c *tmri.Config) { c.Interfaces = tmri.Interfaces{} },
		"interfaces.cameras":  func(c *tmri.Config) { c.Interfaces.Vehicle, c.Interfaces.Picture = tmri.Interface{}, tmri.Interface{} },
		"interfaces.picture":  func(c *tmri.Config) { c.Interfaces.Vehicle, c.Interfaces.Cameras = tmri.Interface{}, tmri.Interface{} },
		"audit.dwjgdm":        func(c *tmri.Config) { c.Audit.Unit = "" },
		"audit.dwmc":          func(c *tmri.Config) { c.Audit.UnitName = "" },
		"audit.yhbz":          func(c *tmri.Config) { c.Audit.User = "" },
		"audit.yhxm":          func(c *tmri.Config) { c.Audit.UserName = "" },
		"audit.zdbs":          func(c *tmri.Config) { c.Audit.Terminal = "" },
		"failures.7":          func(c *tmri.Config) { c.Failures = row.Failures{"7": exchange.PolicyRefused} },
		"maxRows":             func(c *tmri.Config) { c.MaxRows = -1 },
		"http: allow[0]":      func(c *tmri.Config) { c.HTTP.Allow = []string{"x"} },
		"operation: not one ": func(c *tmri.Config) { c.Port, c.Operation = tmri.PortOld, "queryObjectOutNew" },
	} {
		config := settings("http://10.0.0.1/x")
		change(&config)
		_, err := tmri.Open("demo", "310000", adaptertest.Settings(config), outbound.Deps{
			Secrets: func(string) (string, error) { return serial, nil },
		})
		if err == nil || !strings.HasPrefix(err.Error(), key) {
			t.Errorf("%s: got %v", key, err)
		}
	}
}

func TestMissingSerialIsNamed(t *testing.T) {
	t.Parallel()
	_, err := tmri.Open("demo", "310000", adaptertest.Settings(settings("http://10.0.0.1/x")), outbound.Deps{
		Secrets: func(string) (string, error) { return "", errors.New("no such file") },
	})
	if err == nil || !strings.HasPrefix(err.Error(), "jkxlh: ") {
		t.Errorf("got %v", err)
	}
}

// What the documentation of Config shows can be written in a file, and only that.
func TestConfigurationFile(t *testing.T) {
	t.Parallel()
	const text = `
url: http://10.0.0.1:8080/trffweb/services/TmriOutAccess
port: old
jkxlh: file:keys/tmri.serial
interfaces:
  licence: {jkid: 02C06}
  decisions: {jkid: 04C01, xtlb: "04"}
failures: {"12": no-such-record}
http: {timeout: 2s, allow: [10.0.0.0/8], breaker: {openFor: 10s}}
`
	open := func(text string) (*exchange.Source, error) {
		decode := func(into any) error { return yaml.NewDecoder(bytes.NewBufferString(text), yaml.Strict()).Decode(into) }
		return tmri.Open("demo", "310000", decode, outbound.Deps{Secrets: func(string) (string, error) { return serial, nil }})
	}
	source, err := open(text)
	if err != nil {
		t.Fatal(err)
	}
	if source.Licences == nil || source.Violations == nil || source.Pictures != nil || source.Kind != "tmri" {
		t.Errorf("the source offers %+v", source)
	}
	if _, err := open(text + "jkxhl: typing-error\n"); err == nil {
		t.Error("an unknown key was taken")
	}
}

// Vehicles can only be asked about where their interface is granted; to leave their records out would pass for "none".
func TestCamerasThatAreNotGranted(t *testing.T) {
	t.Parallel()
	config := settings("http://127.0.0.1:1/x")
	config.Interfaces = tmri.Interfaces{Decisions: tmri.Interface{ID: "04C01"}}
	source, err := tmri.Open("demo", "310000", adaptertest.Settings(config), outbound.Deps{
		Secrets: func(string) (string, error) { return serial, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	f := newFixture(t)
	request := f.request(f.person("relative"))
	request.Vehicles = f.vehicles(f.person("relative"))
	if _, err := source.Violations.Violations(t.Context(), request); exchange.CodeOf(err) != exchange.OperationNotOffered {
		t.Errorf("got %v", err)
	}
}

func BenchmarkLicence(b *testing.B) {
	f := newFixture(b)
	source, request := f.source(b), f.request(f.person("normal-shanghai"))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := source.Licences.Licence(b.Context(), request); err != nil {
			b.Fatal(err)
		}
	}
}
