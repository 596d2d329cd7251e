package population_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/population"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	standin "github.com/zhengqiao/zhengqiao/simulators/population"
)

const (
	requester   = "r-demo-0001"
	responsible = "11010519491231002X" // a published example of GB 11643, nobody's number
)

func TestContract(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	adaptertest.Exercise(t, adaptertest.Harness{
		Start: f.start, Now: f.now, Open: open,
		Purpose: []string{"310000000400", "演示受理中心", "M1", "驾驶证核查", "责任人"},
		Secret:  &adaptertest.Secret{Refresh: standin.OperationRefresh, Life: 30 * time.Minute},
		Lacks: map[adaptertest.Fault]string{
			adaptertest.WrongPerson: "a verdict holds nobody's record; another person's marks are a mismatch",
		},
		Questions: []adaptertest.Question{{
			Operation: adaptertest.IdentityMatch, Request: f.request("normal-shanghai"), Want: exchange.IdentityMatches,
			Refusals: []adaptertest.Refusal{
				{Name: "no name", Request: nameless(f.request("normal-shanghai")), Want: exchange.InvalidRequest},
				{Name: "no number", Request: exchange.SourceRequest{Subject: exchange.Subject{Name: "沈嘉宁"}}, Want: exchange.InvalidRequest},
			},
		}},
	})
}

func nameless(request exchange.SourceRequest) exchange.SourceRequest {
	request.Subject.Name = ""
	return request
}

func settings(base string) population.Config {
	return population.Config{
		URL: base + standin.PathMatch, RefreshURL: base + standin.PathRefresh, RequesterID: requester, AppKey: "file:appkey",
		User: "demo", Password: "file:password", Responsible: population.Person{IDNumber: "file:responsible", Name: "责任人"},
		HTTP: outbound.Config{Allow: []string{"127.0.0.0/8"}, Timeout: 30 * time.Second, RetryWait: time.Millisecond},
	}
}

func secrets(appKey string) func(string) (string, error) {
	return func(reference string) (string, error) {
		return map[string]string{
			"file:appkey": appKey, "file:password": "demo-password", "file:responsible": responsible,
		}[reference], nil
	}
}

func open(base string, credential adaptertest.Credential, deps outbound.Deps) (*exchange.Source, error) {
	deps.Secrets = secrets("demo-app-key")
	if credential == adaptertest.WrongCredential {
		deps.Secrets = secrets("other-key")
	}
	return population.Open("population-demo", exchange.National, adaptertest.Settings(settings(base)), deps)
}

type fixture struct {
	t        *testing.T
	now      time.Time
	registry *citizen.Registry
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, citizen.Zone())
	registry, err := citizen.New(1, now, 10)
	if err != nil {
		t.Fatal(err)
	}
	return &fixture{t, now, registry}
}

func (f *fixture) start(t testing.TB, clock func() time.Time) adaptertest.Platform {
	server, err := standin.New(standin.Config{
		Requesters: map[string]string{requester: "demo-app-key"}, Service: "s_1200000900000_2109", User: "demo", Password: "demo-password",
	}, f.registry, clock)
	if err != nil {
		t.Fatal(err)
	}
	return adaptertest.Platform{
		Handler: server, Calls: server.Calls,
		Break: func(kind adaptertest.Fault, times int, length time.Duration) error {
			return server.Faults().Set(fault.Fault{Kind: fault.Kind(kind), Times: times, Duration: length})
		},
	}
}

func (f *fixture) request(persona string) exchange.SourceRequest {
	f.t.Helper()
	person, ok := f.registry.Persona(persona)
	if !ok {
		f.t.Fatalf("no persona %s", persona)
	}
	return exchange.SourceRequest{
		QueryID: "q-1", Caller: "demo", Region: "310000", Subject: f.subject(person.Name, person.IDNumber),
		Purpose: exchange.Purpose{
			Code: "licence-check", Matter: "M1", MatterName: "驾驶证核查", Case: "CASE-2026-1", Operator: "OPERATOR-7",
			Unit: "310000000400", UnitName: "演示受理中心", LegalBasis: "PIPL-13-3",
		},
	}
}

func (f *fixture) subject(name, idNumber string) exchange.Subject {
	f.t.Helper()
	number, err := exchange.ParseIDNumber(idNumber, f.now)
	if err != nil {
		f.t.Fatal(err)
	}
	return exchange.Subject{Name: name, IDNumber: number}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	platform := f.start(t, func() time.Time { return f.now })
	server := httptest.NewServer(platform.Handler)
	t.Cleanup(server.Close)
	source, err := open(server.URL, adaptertest.RightCredential, outbound.Deps{Clock: func() time.Time { return f.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	dead, stranger := f.request("dead").Subject, f.request("normal-shanghai").Subject
	cases := map[string]struct {
		subject exchange.Subject
		want    exchange.IdentityVerdict
	}{
		"match":                     {stranger, exchange.IdentityMatches},
		"rare characters":           {f.request("rare-name").Subject, exchange.IdentityMatches},
		"middle dot":                {f.request("minority-name").Subject, exchange.IdentityMatches},
		"another's name":            {exchange.Subject{Name: "张三", IDNumber: stranger.IDNumber}, exchange.IdentityDiffers},
		"nobody's number":           {f.subject("张三", responsible), exchange.IdentityNoRecord},
		"deceased":                  {dead, exchange.IdentityIsDeceased},
		"deceased, another's name":  {exchange.Subject{Name: "张三", IDNumber: dead.IDNumber}, exchange.IdentityDiffers},
		"markup in place of a name": {exchange.Subject{Name: `]]></XM>&<`, IDNumber: stranger.IDNumber}, exchange.IdentityDiffers},
	}
	for name, c := range cases {
		for _, operator := range []string{"OPERATOR-7", "self"} {
			request := f.request("normal-shanghai")
			request.Subject, request.Purpose.Operator = c.subject, operator
			if got, err := source.Identities.Match(t.Context(), request); err != nil || got != c.want {
				t.Errorf("%s: %q, %v, want %q", name, got, err, c.want)
			}
		}
	}
}
