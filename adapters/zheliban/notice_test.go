package zheliban_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/row"
	"github.com/zhengqiao/zhengqiao/adapters/zheliban"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
	province "github.com/zhengqiao/zhengqiao/simulators/zheliban"
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
		Now: f.now, Notice: adaptertest.Sample(f.request(f.person("normal-shanghai")).Subject, f.now),
		Want: map[string]string{
			"zt": "BDJ", "sfkjs": "no", "zjcx": "A2C1", "yxqz": "2030-06-30", "sfcq": "2", "yxzt": "valid", "zxbh": "3101********0042",
			"fzrq": "2026-11-24", "bzcs": "1", "ljjf": "12", "qfrq": "2027-03-14",
		},
		Outcomes: map[string][]exchange.Code{
			"PARAMETER_INVALID": {exchange.SourceRefused}, "SUBJECT_UNKNOWN": {exchange.NoRecord},
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

func noticeConfig(base string) zheliban.NoticeConfig {
	return zheliban.NoticeConfig{
		IRS:     zheliban.IRSConfig{URL: base + province.PathStatus, AccessKey: "demo-access-key", SecretKey: "file:sk"},
		HeldURL: base + province.PathHeld, Failures: row.Failures{"E77": exchange.RecordNotArchived}, HTTP: loopback(),
	}
}

func openReceiver(config zheliban.NoticeConfig, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Receiver, error) {
	deps.Secrets = func(string) (string, error) {
		if credential == adaptertest.WrongCredential {
			return "wrong", nil
		}
		return irsSecret, nil
	}
	return zheliban.OpenReceiver("zheliban-demo", "330000", adaptertest.Settings(config), deps)
}

func TestReceiverConfigNamesTheBadKey(t *testing.T) {
	t.Parallel()
	for key, change := range map[string]func(*zheliban.NoticeConfig){
		"irs.url":       func(c *zheliban.NoticeConfig) { c.IRS.URL += "?a=1" },
		"irs.accessKey": func(c *zheliban.NoticeConfig) { c.IRS.AccessKey = "" },
		"irs.secretKey": func(c *zheliban.NoticeConfig) { c.IRS.SecretKey = "" },
		"heldUrl":       func(c *zheliban.NoticeConfig) { c.HeldURL = "/held" },
		"failures.1":    func(c *zheliban.NoticeConfig) { c.Failures = row.Failures{"1": "too-old"} },
		"attempts":      func(c *zheliban.NoticeConfig) { c.HTTP.Attempts = 99 },
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
	_, err := zheliban.OpenReceiver("demo", "330000", adaptertest.Settings(config), deps)
	if !errors.Is(err, missing) || !strings.Contains(err.Error(), "irs.secretKey") {
		t.Errorf("without a secret: error %v", err)
	}
	config.HeldURL = ""
	receiver, err := openReceiver(config, adaptertest.RightCredential, outbound.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	if receiver.Changes == nil || receiver.Holdings != nil || receiver.Region != "330000" || receiver.Kind != zheliban.Kind {
		t.Errorf("opened %+v", receiver)
	}
	if err := receiver.Close(); err != nil {
		t.Error(err)
	}
}
