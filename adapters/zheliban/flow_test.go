package zheliban_test

import (
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
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

// bench is one source with its stand-in, over real HTTP, and a clock to turn.
type bench struct {
	*fixture
	server *standin.Server
	source *exchange.Source
	ahead  atomic.Int64 // nanoseconds that the clock was turned
}

func setup(t *testing.T, configure func(base string) zheliban.Config, secret string) *bench {
	t.Helper()
	b := &bench{fixture: newFixture(t)}
	b.server = b.start(t, b.clock)
	listener := httptest.NewServer(b.server)
	t.Cleanup(listener.Close)
	source, err := open(configure(listener.URL), secret, adaptertest.RightCredential, outbound.Deps{Clock: b.clock})
	if err != nil {
		t.Fatal(err)
	}
	b.source = source
	t.Cleanup(func() { _ = source.Close() })
	return b
}

func (b *bench) clock() time.Time { return b.now.Add(time.Duration(b.ahead.Load())) }

func (b *bench) ask(request exchange.SourceRequest) (exchange.Sighting[exchange.Licence], error) {
	return b.source.Licences.Licence(b.t.Context(), request)
}

// wantCalls compares how often each operation of the platform was called.
func (b *bench) wantCalls(when string, want map[string]int) {
	b.t.Helper()
	if got := b.server.Calls(); !reflect.DeepEqual(got, want) {
		b.t.Errorf("%s: calls %v, want %v", when, got, want)
	}
}

func (b *bench) breaks(setting fault.Fault) {
	b.t.Helper()
	if err := b.server.Faults().Set(setting); err != nil {
		b.t.Fatal(err)
	}
}

func TestEveryLicenceOfTheProvince(t *testing.T) {
	t.Parallel()
	for channel, b := range map[string]*bench{
		"irs": setup(t, irsConfig, irsSecret), "sharing": setup(t, sharingConfig, sharingSecret),
	} {
		asked := 0
		for _, person := range b.registry.All() {
			if !person.Licensed() || person.Licence.Province() != "330000" {
				continue
			}
			asked++
			sighting, err := b.ask(b.request(person))
			if err != nil || !reflect.DeepEqual(sighting.Value, b.licence(person)) {
				t.Errorf("%s: got %+v, error %v\nwant %+v", channel, sighting.Value, err, b.licence(person))
			}
		}
		if asked < 5 {
			t.Errorf("%s: only %d licences asked for", channel, asked)
		}
	}
}

func TestIRSWithoutSubscription(t *testing.T) {
	t.Parallel()
	b := setup(t, func(base string) zheliban.Config {
		config := irsConfig(base)
		config.IRS.AccessKey = "unsubscribed"
		return config
	}, irsSecret)
	_, err := b.ask(b.request(b.person("normal-zhejiang")))
	if exchange.CodeOf(err) != exchange.SourceRefused || !strings.Contains(err.Error(), "route_id") {
		t.Errorf("error %v", err)
	}
	b.wantCalls("a refusal is not repeated", map[string]int{province.OperationIRS: 1})
}

func TestIRSFailureCodes(t *testing.T) {
	t.Parallel()
	b := setup(t, func(base string) zheliban.Config {
		config := irsConfig(base)
		config.Failures = row.Failures{"E30": exchange.RecordNotArchived}
		return config
	}, irsSecret)
	for code, want := range map[string]exchange.Code{"E30": exchange.RecordNotArchived, "E99": exchange.SourceDown} {
		b.breaks(fault.Fault{Kind: fault.Business, Code: code, Times: 1})
		if _, err := b.ask(b.request(b.person("normal-zhejiang"))); exchange.CodeOf(err) != want {
			t.Errorf("%s: error %v, want %s", code, err, want)
		}
	}
}

func TestAnOldCopySaysSo(t *testing.T) {
	t.Parallel()
	b := setup(t, irsConfig, irsSecret)
	b.breaks(fault.Fault{Kind: fault.Stale, Duration: 72 * time.Hour})
	sighting, err := b.ask(b.request(b.person("normal-zhejiang")))
	if err != nil || !sighting.AsOf.Equal(b.now.Add(-syncLag-72*time.Hour)) {
		t.Errorf("true as of %v, error %v", sighting.AsOf, err)
	}
}
