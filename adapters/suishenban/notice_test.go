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
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
	city "github.com/zhengqiao/zhengqiao/simulators/suishenban"
)

func TestReceiverContract(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	adaptertest.ExerciseReceiver(t, adaptertest.ReceiverHarness{
		Start: func(t testing.TB, clock func() time.Time) adaptertest.ReceiverPlatform {
			return receiving(f.start(t, clock))
		},
		Open: func(base string, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Receiver, error) {
			return openReceiver(noticeConfig(base), credential, deps)
		},
		Now: f.now, Notice: adaptertest.Sample(f.request(f.person("normal-zhejiang")).Subject, f.now),
		Want: map[string]string{
			"ZT": "BDJ", "SFKJS": "no", "ZJCX": "A2C1", "YXQZ": "2030-06-30", "SFCQ": "2", "YXZT": "valid", "ZXBH": "3101********0042",
			"FZRQ": "2026-11-24", "BZCS": "1", "LJJF": "12", "QFRQ": "2027-03-14",
		},
		Purpose: []string{"M-7", "驾驶证状态同步", "SYNC-2026-7", "OPERATOR-9", "演示同步中心"},
		Lacks:   map[adaptertest.Fault]string{adaptertest.ClockSkew: "no field carries a time"},
		Secret:  &adaptertest.Secret{Refresh: city.OperationLogin, Life: 30 * time.Minute},
		Outcomes: map[string][]exchange.Code{
			"PARAMETER_INVALID": {exchange.SourceRefused}, "CERT_NOT_FOUND": {exchange.NoRecord}, "PURPOSE_MISSING": {exchange.SourceRefused},
			"SYSTEM_BUSY": {exchange.SourceDown}, "E77": {exchange.RecordNotArchived},
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

func noticeConfig(base string) suishenban.NoticeConfig {
	return suishenban.NoticeConfig{
		URL: base + "/zzk", Account: "demo", Password: "file:password", CatMainCode: catalogue, Holdings: true,
		Failures: row.Failures{"E77": exchange.RecordNotArchived},
		HTTP:     outbound.Config{Allow: []string{"127.0.0.0/8"}, Timeout: 3 * time.Second, RetryWait: time.Millisecond},
	}
}

func openReceiver(config suishenban.NoticeConfig, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Receiver, error) {
	deps.Secrets = func(string) (string, error) {
		if credential == adaptertest.WrongCredential {
			return "wrong", nil
		}
		return password, nil
	}
	return suishenban.OpenReceiver("suishenban-demo", "310000", adaptertest.Settings(config), deps)
}

func TestReceiverConfigNamesTheBadKey(t *testing.T) {
	t.Parallel()
	for key, change := range map[string]func(*suishenban.NoticeConfig){
		"url":         func(c *suishenban.NoticeConfig) { c.URL += "?a=1" },
		"account":     func(c *suishenban.NoticeConfig) { c.Account = "" },
		"password":    func(c *suishenban.NoticeConfig) { c.Password = "" },
		"catMainCode": func(c *suishenban.NoticeConfig) { c.CatMainCode = "1" },
		"sessionLife": func(c *suishenban.NoticeConfig) { c.SessionLife = time.Second },
		"failures.1":  func(c *suishenban.NoticeConfig) { c.Failures = row.Failures{"1": "too-old"} },
		"attempts":    func(c *suishenban.NoticeConfig) { c.HTTP.Attempts = 99 },
	} {
		config := noticeConfig("https://example.test")
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
	config := noticeConfig("https://example.test")
	_, err := suishenban.OpenReceiver("demo", "310000", adaptertest.Settings(config), deps)
	if !errors.Is(err, missing) || !strings.Contains(err.Error(), "password") {
		t.Errorf("without a password: error %v", err)
	}
	config.Holdings = false
	receiver, err := openReceiver(config, adaptertest.RightCredential, outbound.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	if receiver.Changes == nil || receiver.Holdings != nil || receiver.Region != "310000" || receiver.Kind != suishenban.Kind {
		t.Errorf("opened %+v", receiver)
	}
	if err := receiver.Close(); err != nil {
		t.Error(err)
	}
}
