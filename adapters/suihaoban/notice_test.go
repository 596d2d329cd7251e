package suihaoban_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/adapters/suihaoban"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
	tif "github.com/zhengqiao/zhengqiao/simulators/suihaoban"
)

func TestReceiverContract(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	adaptertest.ExerciseReceiver(t, adaptertest.ReceiverHarness{
		Start: func(t testing.TB, clock func() time.Time) adaptertest.ReceiverPlatform {
			return receiving(f.start(t, suihaoban.PrefixTIF, clock))
		},
		Open: func(base string, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Receiver, error) {
			return openReceiver(noticeSettings(base), credential, deps)
		},
		Now: f.now, Notice: adaptertest.Sample(f.request(f.person("normal-shanghai")).Subject, f.now),
		Want: map[string]string{
			"zt": "BDJ", "sfkjs": "no", "zjcx": "A2C1", "yxqz": "2030-06-30", "sfcq": "2", "yxzt": "valid", "zxbh": "3101********0042",
			"fzrq": "2026-11-24", "bzcs": "1", "ljjf": "12", "qfrq": "2027-03-14",
		},
		Outcomes: map[string][]exchange.Code{
			"40001": {exchange.SourceRefused}, "40003": {exchange.SourceRefused}, "40004": {exchange.NoRecord},
			"50012": {exchange.SourceDown}, "1077": {exchange.RecordNotArchived},
		},
	})
}

// receiving makes a running stand-in fit for the contract of receivers.
func receiving(server *standin.Server) adaptertest.ReceiverPlatform {
	return adaptertest.ReceiverPlatform{
		Platform: platform(server),
		Told: func(idNumber string) adaptertest.Told {
			held, _ := server.Told(idNumber)
			return adaptertest.Told{Version: held.Version, Fields: held.Fields, Masked: held.Masked, Writings: held.Writings}
		},
		Fail: func(code string) error {
			return server.Faults().Set(fault.Fault{Kind: fault.Business, Code: code, Message: "业务失败", Times: 1})
		},
	}
}

func noticeSettings(base string) suihaoban.NoticeConfig {
	return suihaoban.NoticeConfig{
		URL: base + tif.PathStatus, HeldURL: base + tif.PathHeld, PaasID: "demo", Token: "file:token", CityCode: "440100",
		Failures: row.Failures{"1077": exchange.RecordNotArchived}, HTTP: settings(base).HTTP,
	}
}

func openReceiver(config suihaoban.NoticeConfig, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Receiver, error) {
	deps.Secrets = func(string) (string, error) {
		if credential == adaptertest.WrongCredential {
			return "wrong", nil
		}
		return token, nil
	}
	return suihaoban.OpenReceiver("suihaoban-demo", "440000", adaptertest.Settings(config), deps)
}

func TestReceiverConfigNamesTheBadKey(t *testing.T) {
	t.Parallel()
	for key, change := range map[string]func(*suihaoban.NoticeConfig){
		"url":        func(c *suihaoban.NoticeConfig) { c.URL = "ftp://example.test" },
		"heldUrl":    func(c *suihaoban.NoticeConfig) { c.HeldURL = "/held" },
		"prefix":     func(c *suihaoban.NoticeConfig) { c.Prefix = "x-other" },
		"paasId":     func(c *suihaoban.NoticeConfig) { c.PaasID = "" },
		"token":      func(c *suihaoban.NoticeConfig) { c.Token = "" },
		"cityCode":   func(c *suihaoban.NoticeConfig) { c.CityCode = "44010" },
		"failures.1": func(c *suihaoban.NoticeConfig) { c.Failures = row.Failures{"1": "too-old"} },
		"attempts":   func(c *suihaoban.NoticeConfig) { c.HTTP.Attempts = 99 },
	} {
		config := noticeSettings("https://example.test")
		change(&config)
		_, err := openReceiver(config, adaptertest.RightCredential, outbound.Deps{})
		if err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: error %v", key, err)
		}
	}
}

func TestOpenReceiver(t *testing.T) {
	t.Parallel()
	missing := errors.New("no such file")
	deps := outbound.Deps{Secrets: func(string) (string, error) { return "", missing }}
	config := noticeSettings("https://example.test")
	_, err := suihaoban.OpenReceiver("demo", "440000", adaptertest.Settings(config), deps)
	if !errors.Is(err, missing) || !strings.Contains(err.Error(), "token") {
		t.Errorf("without a token: error %v", err)
	}
	config.HeldURL = ""
	receiver, err := openReceiver(config, adaptertest.RightCredential, outbound.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	if receiver.Changes == nil || receiver.Holdings != nil || receiver.Region != "440000" || receiver.Kind != suihaoban.Kind {
		t.Errorf("opened %+v", receiver)
	}
	if err := receiver.Close(); err != nil {
		t.Error(err)
	}
}
