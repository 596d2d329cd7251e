package zheliban_test

import (
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/zheliban"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
	province "github.com/zhengqiao/zhengqiao/simulators/zheliban"
)

const (
	irsSecret     = "demo-secret-key"
	sharingSecret = "demo-app-secret"
)

func TestContractIRS(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	adaptertest.Exercise(t, adaptertest.Harness{
		Start: func(t testing.TB, clock func() time.Time) adaptertest.Platform { return platform(f.start(t, clock)) },
		Open: func(base string, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Source, error) {
			return open(irsConfig(base), irsSecret, credential, deps)
		},
		Now: f.now, Questions: []adaptertest.Question{f.question("over-limit-zhejiang", "normal-shanghai")},
	})
}

func TestContractSharing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	adaptertest.Exercise(t, adaptertest.Harness{
		Start: func(t testing.TB, clock func() time.Time) adaptertest.Platform { return platform(f.start(t, clock)) },
		Open: func(base string, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Source, error) {
			return open(sharingConfig(base), sharingSecret, credential, deps)
		},
		Now: f.now, Questions: []adaptertest.Question{f.question("over-limit-zhejiang", "normal-shanghai")},
		Purpose: []string{"M-1", "驾驶证核查", "CASE-2026-1", "OPERATOR-7", "310000000400", "演示受理中心"},
		Secret:  &adaptertest.Secret{Refresh: province.OperationRefreshBySec, Life: 15 * time.Minute},
	})
}

func (f *fixture) start(t testing.TB, clock func() time.Time) *standin.Server {
	t.Helper()
	server, err := province.New(province.Config{
		AccessKeys: map[string]string{"demo-access-key": irsSecret, "unsubscribed": irsSecret}, Forbidden: []string{"unsubscribed"},
		AppKeys: map[string]string{"demo-app-key": sharingSecret},
	}, f.registry, clock)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func irsConfig(base string) zheliban.Config {
	return zheliban.Config{
		Channel: zheliban.ChannelIRS, HTTP: loopback(),
		IRS: zheliban.IRSConfig{URL: base + province.PathIRS, AccessKey: "demo-access-key", SecretKey: "file:sk"},
	}
}

func sharingConfig(base string) zheliban.Config {
	return zheliban.Config{
		Channel: zheliban.ChannelSharing, HTTP: loopback(),
		Sharing: zheliban.SharingConfig{URL: base, DataSet: "DRIVINGLICENSE", AppKey: "demo-app-key", AppSecret: "file:secret"},
	}
}

func loopback() outbound.Config {
	return outbound.Config{Allow: []string{"127.0.0.0/8"}, Timeout: 3 * time.Second, RetryWait: time.Millisecond}
}

func open(config zheliban.Config, secret string, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Source, error) {
	deps.Secrets = func(string) (string, error) {
		if credential == adaptertest.WrongCredential {
			return "wrong", nil
		}
		return secret, nil
	}
	return zheliban.Open("zheliban-demo", "330000", adaptertest.Settings(config), deps)
}
