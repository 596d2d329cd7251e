package suishenban_test

import (
	"net/http/httptest"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
	city "github.com/zhengqiao/zhengqiao/simulators/suishenban"
)

// bench is one source with its stand-in, over real HTTP, and a clock to turn.
type bench struct {
	*fixture
	server *standin.Server
	source *exchange.Source
	ahead  atomic.Int64 // nanoseconds that the clock was turned
}

func setup(t *testing.T) *bench {
	t.Helper()
	b := &bench{fixture: newFixture(t)}
	b.server = b.start(t, b.clock)
	listener := httptest.NewServer(b.server)
	t.Cleanup(listener.Close)
	source, err := open(listener.URL, adaptertest.RightCredential, outbound.Deps{Clock: b.clock})
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

func (b *bench) breaks(operation, code string, times int) {
	b.t.Helper()
	setting := fault.Fault{Kind: fault.Business, Operation: operation, Code: code, Times: times}
	if err := b.server.Faults().Set(setting); err != nil {
		b.t.Fatal(err)
	}
}

// wantCalls compares the calls of the three operations.
func (b *bench) wantCalls(when string, login, existence, original int) {
	b.t.Helper()
	got := b.server.Calls()
	if got[city.OperationLogin] != login || got[city.OperationExistence] != existence || got[city.OperationOriginal] != original {
		b.t.Errorf("%s: calls %v, want %d log-ins, %d and %d", when, got, login, existence, original)
	}
}

func TestEveryLicenceOfTheCity(t *testing.T) {
	t.Parallel()
	b := setup(t)
	asked, longTerm := 0, 0
	for _, person := range b.registry.All() {
		if !person.Licensed() || person.Licence.Province() != "310000" {
			continue
		}
		asked++
		sighting, err := b.ask(b.request(person))
		if err != nil || !reflect.DeepEqual(sighting.Value, b.licence(person)) {
			t.Errorf("got %+v, error %v\nwant %+v", sighting.Value, err, b.licence(person))
		}
		if sighting.Value.LongTerm {
			longTerm++
		}
	}
	if asked < 5 || longTerm < 2 {
		t.Errorf("only %d licences asked for, %d of them 长期", asked, longTerm)
	}
	b.wantCalls("one session for all", 1, asked, asked)
}

func TestNobodyElsesDataIsAskedFor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if _, err := b.ask(b.request(b.person("no-licence"))); exchange.CodeOf(err) != exchange.NoRecord {
		t.Errorf("no licence: %v", err)
	}
	if _, err := b.ask(b.named(b.person("normal-shanghai"), "张三丰")); exchange.CodeOf(err) != exchange.IdentityMismatch {
		t.Errorf("another name: %v", err)
	}
	b.wantCalls("no certificate, no original data", 1, 2, 0)
}

func TestSessionsAreRenewed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ask := func(when string) {
		t.Helper()
		if _, err := b.ask(b.request(b.person("normal-shanghai"))); err != nil {
			t.Errorf("%s: %v", when, err)
		}
	}
	ask("first")
	b.ahead.Add(int64(28 * time.Minute))
	ask("in the same session")
	b.wantCalls("28 minutes", 1, 2, 2)
	b.ahead.Add(int64(90 * time.Second))
	ask("just before the session ends")
	b.wantCalls("29 minutes 30", 2, 3, 3)
	b.breaks(city.OperationExistence, "SESSION_INVALID", 1)
	ask("ended by the library at the first call")
	b.wantCalls("ended early", 3, 5, 4)
	b.breaks(city.OperationOriginal, "SESSION_INVALID", 1)
	ask("ended by the library at the second call")
	b.wantCalls("ended between", 4, 6, 6)
}

func TestASessionThatNeverHoldsIsARefusal(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.breaks(city.OperationExistence, "SESSION_INVALID", 0)
	if _, err := b.ask(b.request(b.person("normal-shanghai"))); exchange.CodeOf(err) != exchange.SourceRefused {
		t.Errorf("error %v", err)
	}
	b.wantCalls("one new session is tried", 2, 2, 0)
}

func TestFailureCodes(t *testing.T) {
	t.Parallel()
	cases := []struct {
		operation, code string
		want            exchange.Code
	}{
		{city.OperationLogin, "LOGIN_FAILED", exchange.SourceRefused},
		{city.OperationLogin, "BUSY", exchange.SourceDown},
		{city.OperationExistence, "PURPOSE_MISSING", exchange.SourceRefused},
		{city.OperationExistence, "HOLDER_NAME_MISMATCH", exchange.IdentityMismatch},
		{city.OperationExistence, "BUSY", exchange.SourceDown},
		{city.OperationOriginal, "CERT_NOT_FOUND", exchange.NoRecord},
	}
	for _, c := range cases {
		b := setup(t)
		b.breaks(c.operation, c.code, 1)
		if _, err := b.ask(b.request(b.person("normal-shanghai"))); exchange.CodeOf(err) != c.want {
			t.Errorf("%s %s: error %v, want %s", c.operation, c.code, err, c.want)
		}
	}
}

func TestACallWithoutPurposeIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	request := b.request(b.person("normal-shanghai"))
	request.Purpose.Case = ""
	if _, err := b.ask(request); exchange.CodeOf(err) != exchange.SourceRefused {
		t.Errorf("error %v", err)
	}
	b.wantCalls("nothing is read", 1, 1, 0)
}
