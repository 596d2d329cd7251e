package suishenban_test

import (
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/suishenban"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
	city "github.com/zhengqiao/zhengqiao/simulators/suishenban"
)

const (
	password  = "demo-password"
	catalogue = "310105109000999"
)

func TestContract(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	adaptertest.Exercise(t, adaptertest.Harness{
		Start: func(t testing.TB, clock func() time.Time) adaptertest.Platform { return platform(f.start(t, clock)) },
		Open:  open,
		Now:   f.now, Questions: []adaptertest.Question{f.question("replaced-shanghai", "normal-zhejiang")},
		Purpose: []string{"M-1", "驾驶证核查", "CASE-2026-1", "OPERATOR-7", "演示受理中心"},
		Lacks:   map[adaptertest.Fault]string{adaptertest.ClockSkew: "no field carries a time"},
		Secret:  &adaptertest.Secret{Refresh: city.OperationLogin, Life: 30 * time.Minute},
	})
}

func (f *fixture) start(t testing.TB, clock func() time.Time) *standin.Server {
	t.Helper()
	server, err := city.New(city.Config{Accounts: map[string]string{"demo": password}, CatMainCode: catalogue}, f.registry, clock)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func open(base string, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Source, error) {
	deps.Secrets = func(string) (string, error) {
		if credential == adaptertest.WrongCredential {
			return "wrong", nil
		}
		return password, nil
	}
	return suishenban.Open("suishenban-demo", "310000", adaptertest.Settings(suishenban.Config{
		URL: base + "/zzk", Account: "demo", Password: "file:password", CatMainCode: catalogue,
		HTTP: outbound.Config{Allow: []string{"127.0.0.0/8"}, Timeout: 3 * time.Second, RetryWait: time.Millisecond},
	}), deps)
}
