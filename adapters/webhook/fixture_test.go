package webhook_test

import (
	"crypto/rand"
	"errors"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/webhook"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
	party "github.com/zhengqiao/zhengqiao/simulators/webhook"
)

// now is when each case begins.
func now() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, exchange.Shanghai()) }

// sample is a notice of everything that a platform can be told.
func sample(t testing.TB) exchange.Notice {
	t.Helper()
	number, err := exchange.ParseIDNumber("11010519491231002X", now())
	if err != nil {
		t.Fatal(err)
	}
	return adaptertest.Sample(exchange.Subject{Name: "沈嘉宁", IDNumber: number, FileNumber: "310012345678"}, now())
}

// newKey makes a key and its two texts.
func newKey(t testing.TB) (private, public string) {
	t.Helper()
	key, err := smcrypto.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := key.MarshalPEM()
	if err != nil {
		t.Fatal(err)
	}
	known, err := key.Public().MarshalPEM()
	if err != nil {
		t.Fatal(err)
	}
	return string(secret), string(known)
}

// files are what references point to.
type files map[string]string

var errNoFile = errors.New("no such file")

func (f files) text(reference string) (string, error) {
	text, known := f[reference]
	if !known {
		return "", errNoFile
	}
	return text, nil
}

func settings(base, content string) webhook.Config {
	return webhook.Config{
		URL: base + party.PathEvents, HeldURL: base + party.PathHeld, Key: "file:key", Content: content,
		HTTP: outbound.Config{Allow: []string{"127.0.0.0/8"}, Timeout: 5 * time.Second, RetryWait: time.Millisecond},
	}
}

func open(t testing.TB, config webhook.Config, keys files, deps outbound.Deps) *exchange.Receiver {
	t.Helper()
	deps.Secrets = keys.text
	if deps.Clock == nil {
		deps.Clock = now
	}
	receiver, err := webhook.OpenReceiver("demo", "310000", adaptertest.Settings(config), deps)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := receiver.Close(); err != nil {
			t.Error(err)
		}
	})
	return receiver
}

// start gives a stand-in that believes these keys.
func start(t testing.TB, clock func() time.Time, public ...string) *standin.Server {
	t.Helper()
	server, err := party.New(party.Config{Keys: public, Source: "zhengqiao-sh"}, nil, clock)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// receiving makes a running stand-in fit for the contract of receivers. It knows a licence by its key, not by whose it is.
func receiving(server *standin.Server, licence string) adaptertest.ReceiverPlatform {
	return adaptertest.ReceiverPlatform{
		Platform: adaptertest.Platform{
			Handler: server, Calls: server.Calls,
			Break: func(kind adaptertest.Fault, times int, length time.Duration) error {
				return server.Faults().Set(fault.Fault{Kind: fault.Kind(kind), Times: times, Duration: length})
			},
		},
		Told: func(string) adaptertest.Told {
			held, _ := server.Told(licence)
			return adaptertest.Told{Version: held.Version, Fields: held.Fields, Masked: held.Masked, Writings: held.Writings}
		},
		Fail: func(code string) error {
			return server.Faults().Set(fault.Fault{Kind: fault.Business, Code: code, Message: "业务失败", Times: 1})
		},
	}
}
