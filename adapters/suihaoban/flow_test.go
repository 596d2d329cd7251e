package suihaoban_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
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

// bench is one source with its stand-in, over real HTTP.
type bench struct {
	*fixture
	server *standin.Server
	source *exchange.Source
}

func setup(t *testing.T, change func(*suihaoban.Config)) *bench {
	t.Helper()
	b := &bench{fixture: newFixture(t)}
	b.server = b.start(t, suihaoban.PrefixTIF, b.clock)
	listener := httptest.NewServer(b.server)
	t.Cleanup(listener.Close)
	config := settings(listener.URL)
	change(&config)
	source, err := open(config, adaptertest.RightCredential, outbound.Deps{Clock: b.clock})
	if err != nil {
		t.Fatal(err)
	}
	b.source = source
	t.Cleanup(func() { _ = source.Close() })
	return b
}

func (b *bench) clock() time.Time { return b.now }

func (b *bench) ask(request exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	return b.source.Licences.Licence(b.t.Context(), request)
}

func TestEveryLicenceOfTheProvince(t *testing.T) {
	t.Parallel()
	b := setup(t, func(*suihaoban.Config) {})
	asked := 0
	for _, person := range b.registry.All() {
		if !person.Licensed() || person.Licence.Province() != "440000" {
			continue
		}
		asked++
		sighting, err := b.ask(b.request(person))
		if err != nil || !reflect.DeepEqual(sighting.Value, b.licence(person)) {
			t.Errorf("got %+v, error %v\nwant %+v", sighting.Value, err, b.licence(person))
		}
	}
	if asked < 3 {
		t.Errorf("only %d licences asked for", asked)
	}
}

func TestFailureCodes(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *suihaoban.Config) { c.Failures = row.Failures{"1003": exchange.RecordNotArchived} })
	for code, want := range map[string]exchange.Code{"1003": exchange.RecordNotArchived, "50012": exchange.SourceDown} {
		if err := b.server.Faults().Set(fault.Fault{Kind: fault.Business, Code: code, Times: 1}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.ask(b.request(b.person("expiring-guangdong"))); exchange.CodeOf(err) != want {
			t.Errorf("%s: error %v, want %s", code, err, want)
		}
	}
}

func TestAnotherCityIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t, func(c *suihaoban.Config) { c.CityCode = "110100" })
	if _, err := b.ask(b.request(b.person("expiring-guangdong"))); exchange.CodeOf(err) != exchange.SourceRefused {
		t.Errorf("error %v", err)
	}
}

func TestARejectionIsNotRepeatedAndAFailureIs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*suihaoban.Config)
		fault  fault.Kind
		want   exchange.Code
		calls  int
	}{
		"rejection": {func(c *suihaoban.Config) { c.PaasID = "nobody" }, fault.Stale, exchange.SourceRefused, 1},
		"failure":   {func(*suihaoban.Config) {}, fault.ServerError, exchange.SourceDown, 2},
	} {
		b := setup(t, c.change)
		if err := b.server.Faults().Set(fault.Fault{Kind: c.fault, Duration: time.Second}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.ask(b.request(b.person("expiring-guangdong"))); exchange.CodeOf(err) != c.want {
			t.Errorf("%s: error %v, want %s", name, err, c.want)
		}
		if got := b.server.Calls()[tif.OperationLicence]; got != c.calls {
			t.Errorf("%s: %d calls, want %d", name, got, c.calls)
		}
	}
}

// TestDownstreamCallOfAnotherHand verifies calls that the stand-in signed.
func TestDownstreamCallOfAnotherHand(t *testing.T) {
	t.Parallel()
	now := time.Unix(1648771200, 0)
	for _, prefix := range []string{suihaoban.PrefixTIF, suihaoban.PrefixRIO} {
		header := http.Header{}
		tif.Downstream{
			PaasID: "demo", Token: token, Nonce: "abcdefgh12345678", At: now, UID: "u1", UserInfo: "info", Extension: "e",
		}.SetHeaders(header, prefix)
		verifier := suihaoban.Verifier{Prefix: prefix, PaasID: "demo", Token: token, Nonces: anyNonce{}}
		visitor, err := verifier.VerifyDownstream(header, now.Add(suihaoban.DownstreamSkew))
		if err != nil || visitor != (suihaoban.Visitor{UID: "u1", Info: "info", Ext: "e"}) {
			t.Errorf("%s: %v, error %v", prefix, visitor, err)
		}
	}
}

type anyNonce struct{}

func (anyNonce) Use(string, time.Time) (bool, error) { return true, nil }

func TestConfigNamesTheBadKey(t *testing.T) {
	t.Parallel()
	cases := []struct {
		key    string
		change func(*suihaoban.Config)
	}{
		{"url", func(c *suihaoban.Config) { c.URL = "/ebus/suihaoban/licence/query" }},
		{"url", func(c *suihaoban.Config) { c.URL += "?city=1" }},
		{"prefix", func(c *suihaoban.Config) { c.Prefix = "x-other" }},
		{"paasId", func(c *suihaoban.Config) { c.PaasID = "" }},
		{"token", func(c *suihaoban.Config) { c.Token = "" }},
		{"cityCode", func(c *suihaoban.Config) { c.CityCode = "4401" }},
		{"cityCode", func(c *suihaoban.Config) { c.CityCode = "44010x" }},
		{"assumedAge", func(c *suihaoban.Config) { c.AssumedAge = -1 }},
		{"failures.1", func(c *suihaoban.Config) { c.Failures = row.Failures{"1": "too-old"} }},
		{"attempts", func(c *suihaoban.Config) { c.HTTP.Attempts = 99 }},
	}
	for _, c := range cases {
		config := settings("https://example.test")
		c.change(&config)
		if _, err := open(config, adaptertest.RightCredential, outbound.Deps{}); err == nil || !strings.Contains(err.Error(), c.key) {
			t.Errorf("%s: error %v", c.key, err)
		}
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	missing := errors.New("no such file")
	deps := outbound.Deps{Secrets: func(string) (string, error) { return "", missing }}
	decode := adaptertest.Settings(settings("https://example.test"))
	if _, err := suihaoban.Open("demo", "440000", decode, deps); !errors.Is(err, missing) || !strings.Contains(err.Error(), "token") {
		t.Errorf("without a token: error %v", err)
	}
	source, err := open(settings("https://example.test"), adaptertest.RightCredential, outbound.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	if source.Licences == nil || source.Violations != nil || source.Pictures != nil || source.Identities != nil {
		t.Error("the source offers something else than licences")
	}
}
