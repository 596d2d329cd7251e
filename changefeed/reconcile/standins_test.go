package reconcile

import (
	"maps"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters"
	"github.com/zhengqiao/zhengqiao/adapters/adaptertest"
	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/suihaoban"
	"github.com/zhengqiao/zhengqiao/adapters/wechat"
	"github.com/zhengqiao/zhengqiao/changefeed/feedtest"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
	tif "github.com/zhengqiao/zhengqiao/simulators/suihaoban"
	weixin "github.com/zhengqiao/zhengqiao/simulators/wechat"
)

// citizens are whom the stand-ins know.
func citizens(t testing.TB) (*citizen.Registry, []exchange.Subject) {
	t.Helper()
	registry, err := citizen.New(1, time.Now(), 40)
	if err != nil {
		t.Fatal(err)
	}
	var people []exchange.Subject
	for _, person := range registry.All() {
		id, err := exchange.ParseIDNumber(person.IDNumber, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, exchange.Subject{Name: person.Name, IDNumber: id})
	}
	return registry, people
}

// receiverOf opens the real adapter of a kind on a running stand-in.
func receiverOf[C any](t testing.TB, kind string, server *standin.Server, config func(base string) C) *exchange.Receiver {
	t.Helper()
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	deps := outbound.Deps{Secrets: func(string) (string, error) { return "secret", nil }}
	receiver, err := adapters.Receivers()[kind](kind, exchange.National, adaptertest.Settings(config(listening.URL)), deps)
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

func reach() outbound.Config {
	return outbound.Config{Allow: []string{"127.0.0.0/8"}, Timeout: 20 * time.Second, RetryWait: time.Millisecond}
}

// TestStandInsAreComparedAndMended goes the whole way: the adapter's own format out, the platform's own digests back.
func TestStandInsAreComparedAndMended(t *testing.T) {
	t.Parallel()
	registry, people := citizens(t)
	guangzhou, err1 := tif.New(tif.Config{Tokens: map[string]string{"demo": "secret"}}, registry, time.Now)
	city, err2 := weixin.New(weixin.Config{Apps: map[string]string{"wx0123456789abcdef": "secret"}}, registry, time.Now)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	r := newRig(t, people,
		receiverOf(t, suihaoban.Kind, guangzhou, func(base string) suihaoban.NoticeConfig {
			return suihaoban.NoticeConfig{
				URL: base + tif.PathStatus, HeldURL: base + tif.PathHeld, PaasID: "demo", Token: "file:t", CityCode: "440100", HTTP: reach(),
			}
		}),
		receiverOf(t, wechat.Kind, city, func(base string) wechat.Config {
			return wechat.Config{
				Channel: wechat.ChannelCityService, URL: base, AppID: "wx0123456789abcdef", Secret: "file:t", HeldPath: weixin.PathHeld, HTTP: reach(),
			}
		}))
	count := len(people)
	points := 2
	for n := range count {
		r.Report(t, "police", n, 1, exchange.Facts{Status: "B", Points: &points})
	}
	for platform, where := range map[string]struct {
		server *standin.Server
		field  string
	}{suihaoban.Kind: {guangzhou, "zt"}, wechat.Kind: {city, "status"}} {
		r.Drained(t, platform)
		if got := r.compare(t, platform); got.Agreeing != count || got.Held != count || got.Diverged() != 0 {
			t.Fatalf("%s, all well: %+v", platform, got)
		}
		alter(t, where.server, feedtest.Licence(3), where.field)
		alter(t, where.server, feedtest.Licence(4), where.field)
		got := r.compare(t, platform)
		if !maps.Equal(counts(got), map[Kind]int{Different: 2}) || got.Agreeing != count-2 {
			t.Fatalf("%s, spoilt: %+v", platform, got)
		}
		if progress := r.repair(t, got); progress.Delivered != 2 {
			t.Errorf("%s, repair: %+v", platform, progress)
		}
		if got := r.compare(t, platform); got.Agreeing != count || got.Diverged() != 0 {
			t.Errorf("%s, mended: %+v", platform, got)
		}
		if err := where.server.Faults().Set(fault.Fault{Kind: fault.Refuse}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Compare(feedtest.Context(t), platform, "op-1", nil); exchange.CodeOf(err) != exchange.TransferInterrupted {
			t.Errorf("%s, down: %v", platform, err)
		}
	}
}

// alter spoils a copy, as a mistake at the platform would.
func alter(t testing.TB, server *standin.Server, licence, field string) {
	t.Helper()
	body := `{"licence":"` + licence + `","field":"` + field + `","value":"Q"}`
	request := httptest.NewRequest("POST", "/_sim/told", strings.NewReader(body))
	request.RemoteAddr = "127.0.0.1:1"
	answer := httptest.NewRecorder()
	if server.Control().ServeHTTP(answer, request); answer.Code != 204 {
		t.Fatalf("no such copy: %d %s", answer.Code, answer.Body)
	}
}
