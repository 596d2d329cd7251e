package suihaoban_test

import (
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/suihaoban"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
	tif "github.com/zhengqiao/zhengqiao/simulators/suihaoban"
)

const token = "demo-token"

func TestContract(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{suihaoban.PrefixTIF, suihaoban.PrefixRIO} {
		t.Run(prefix, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			adaptertest.Exercise(t, adaptertest.Harness{
				Start: func(t testing.TB, clock func() time.Time) adaptertest.Platform {
					return platform(f.start(t, prefix, clock))
				},
				Open: func(base string, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Source, error) {
					config := settings(base)
					config.Prefix = prefix
					return open(config, credential, deps)
				},
				Now: f.now, Questions: []adaptertest.Question{f.question("expiring-guangdong", "normal-shanghai")},
			})
		})
	}
}

func (f *fixture) start(t testing.TB, prefix string, clock func() time.Time) *standin.Server {
	t.Helper()
	server, err := tif.New(tif.Config{Tokens: map[string]string{"demo": token}, HeaderPrefix: prefix}, f.registry, clock)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func settings(base string) suihaoban.Config {
	return suihaoban.Config{
		URL: base + tif.PathLicence, PaasID: "demo", Token: "file:token", CityCode: "440100",
		HTTP: outbound.Config{Allow: []string{"127.0.0.0/8"}, Timeout: 5 * time.Second, RetryWait: time.Millisecond},
	}
}

func open(config suihaoban.Config, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Source, error) {
	deps.Secrets = func(string) (string, error) {
		if credential == adaptertest.WrongCredential {
			return "wrong", nil
		}
		return token, nil
	}
	return suihaoban.Open("suihaoban-demo", "440000", adaptertest.Settings(config), deps)
}
