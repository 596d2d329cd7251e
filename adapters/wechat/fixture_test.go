package wechat_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/wechat"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
	weixin "github.com/zhengqiao/zhengqiao/simulators/wechat"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	appID    = "wx0123456789abcdef"
	secret   = "demo-secret"
	template = "T-1"
	page     = "pages/licence/index"
)

func moment() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, citizen.Zone()) }

func registry(t testing.TB) *citizen.Registry {
	t.Helper()
	people, err := citizen.New(1, moment(), 10)
	if err != nil {
		t.Fatal(err)
	}
	return people
}

func subject(t testing.TB, people *citizen.Registry) exchange.Subject {
	t.Helper()
	person, ok := people.Persona("normal-shanghai")
	number, err := exchange.ParseIDNumber(person.IDNumber, moment())
	if !ok || err != nil {
		t.Fatal(err)
	}
	return exchange.Subject{Name: person.Name, IDNumber: number, FileNumber: person.Licence.FileNumber}
}

func start(t testing.TB, people *citizen.Registry, allowed int, clock func() time.Time) *standin.Server {
	t.Helper()
	server, err := weixin.New(weixin.Config{
		Apps: map[string]string{appID: secret}, Pages: []string{page}, Allowed: allowed,
		Templates: map[string]map[string][]string{appID: {template: {"thing1", "time2", "phrase3", "number4", "date5"}, "T-2": {"thing1", "phrase3"}}},
	}, people, clock)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func settings(base, channel string) wechat.Config {
	return wechat.Config{
		Channel: channel, URL: base, AppID: appID, Secret: "file:secret", HeldPath: weixin.PathHeld,
		Template: wechat.TemplateConfig{ID: template, Page: page, Data: map[string]string{
			"thing1": "change", "time2": "happened", "phrase3": "mayDrive", "number4": "points", "date5": "validUntil",
		}},
		HTTP: outbound.Config{Allow: []string{"127.0.0.0/8"}, Timeout: 3 * time.Second, RetryWait: time.Millisecond},
	}
}

func open(config wechat.Config, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Receiver, error) {
	deps.Secrets = func(string) (string, error) {
		if credential == adaptertest.WrongCredential {
			return "wrong", nil
		}
		return secret, nil
	}
	return wechat.OpenReceiver("wechat-demo", exchange.National, adaptertest.Settings(config), deps)
}

// receiving makes a running stand-in fit for the contract of receivers.
func receiving(server *standin.Server) adaptertest.ReceiverPlatform {
	return adaptertest.ReceiverPlatform{
		Platform: adaptertest.Platform{
			Handler: server, Calls: server.Calls,
			Break: func(kind adaptertest.Fault, times int, length time.Duration) error {
				return server.Faults().Set(fault.Fault{Kind: fault.Kind(kind), Times: times, Duration: length})
			},
		},
		Told: func(idNumber string) adaptertest.Told {
			held, _ := server.Told(idNumber)
			return adaptertest.Told{Version: held.Version, Fields: held.Fields, Masked: held.Masked, Writings: held.Writings}
		},
		Fail: func(code string) error {
			return server.Faults().Set(fault.Fault{Kind: fault.Business, Code: code, Message: "业务失败", Times: 1})
		},
	}
}

// contacts knows everybody, and how many messages each asked for.
type contacts struct {
	mu      sync.Mutex
	credits int
	taken   map[string]bool
	dropped []string
	err     error
}

func (c *contacts) Find(_ context.Context, app string, subject exchange.Subject) (string, error) {
	if c.err != nil {
		return "", c.err
	}
	return weixin.OpenID(app, subject.IDNumber.Reveal()), nil
}

func (c *contacts) Take(_ context.Context, _, id, template, message string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := id + template + message
	if c.taken[key] {
		return nil
	}
	if len(c.taken) >= c.credits {
		return exchange.Errorf(exchange.SourceRefused, "the citizen asked for no message")
	}
	if c.taken == nil {
		c.taken = map[string]bool{}
	}
	c.taken[key] = true
	return nil
}

func (c *contacts) Drop(_ context.Context, _, id string) error {
	c.dropped = append(c.dropped, id)
	return c.err
}
