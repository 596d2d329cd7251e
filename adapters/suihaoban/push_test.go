package suihaoban_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/suihaoban"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	tif "github.com/zhengqiao/zhengqiao/simulators/suihaoban"
)

// once is a guard of nonces as a program has one.
type once struct {
	mu   sync.Mutex
	used map[string]bool
}

func (o *once) Use(nonce string, _ time.Time) (bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.used == nil {
		o.used = map[string]bool{}
	}
	fresh := !o.used[nonce]
	o.used[nonce] = true
	return fresh, nil
}

// arrivals is a service that receives pushes.
type arrivals struct {
	inbound suihaoban.Inbound
	now     time.Time
	reports []exchange.Report
	err     error
}

func (a *arrivals) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(writer, request.Body, 2*suihaoban.MaxPushBody))
	if err != nil {
		a.err = err
		return
	}
	reports, said, err := a.inbound.Receive(request.Header, body, a.now)
	answer := said(nil)
	a.reports, a.err = append(a.reports, reports...), err
	_, _ = writer.Write(answer)
}

func pushing(t *testing.T, f *fixture) (*tif.Pusher, *arrivals) {
	t.Helper()
	verifier := suihaoban.Verifier{Prefix: suihaoban.PrefixTIF, PaasID: "demo", Token: token, Nonces: &once{}}
	service := &arrivals{inbound: suihaoban.Inbound{Verifier: verifier, Reporter: "suihaoban", Region: "440000"}, now: f.now}
	listener := httptest.NewServer(service)
	t.Cleanup(listener.Close)
	return &tif.Pusher{
		URL: listener.URL, PaasID: "demo", Token: token, Client: listener.Client(), Clock: func() time.Time { return f.now },
		Faults: &fault.Switches{},
	}, service
}

// TestEveryLicenceIsPushed compares what the adapter read with what the data set holds.
func TestEveryLicenceIsPushed(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	pusher, service := pushing(t, f)
	pushed := 0
	for _, person := range f.registry.All() {
		if !person.Licensed() {
			continue
		}
		pushed++
		status, answer, err := pusher.Push(t.Context(), "B-1", person)
		if err != nil || status != http.StatusOK || !strings.Contains(string(answer), `"jsts":1,"cw":[]`) || service.err != nil {
			t.Fatalf("%s: %d %s, %v, %v", person.Licence.Status, status, answer, err, service.err)
		}
		got, licence := service.reports[len(service.reports)-1], f.licence(person)
		if !reflect.DeepEqual(got.Facts, exchange.FactsOf(&licence)) || got.Region != exchange.Region(person.Licence.Province()) ||
			got.Sequence != uint64(pushed) || !got.Happened.Equal(licence.UpdatedAt) || got.Subject.IDNumber.Reveal() != person.IDNumber {
			t.Errorf("reported %+v\nwant %+v", got, licence)
		}
	}
	if pushed < 100 {
		t.Errorf("only %d licences pushed", pushed)
	}
}

func TestPushesThatGoWrong(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for kind, want := range map[fault.Kind]exchange.Code{
		fault.ClockSkew: exchange.SignatureExpired, fault.Garbage: exchange.MalformedJSON, fault.InvalidUTF8: exchange.MalformedJSON,
		fault.GBK: exchange.MalformedJSON, fault.Oversize: exchange.BodyTooLarge, fault.Stale: "", fault.ContentType: "",
	} {
		pusher, service := pushing(t, f)
		if err := pusher.Faults.Set(fault.Fault{Kind: kind, Duration: 10 * time.Minute, Size: suihaoban.MaxPushBody - 100}); err != nil {
			t.Fatal(err)
		}
		_, _, err := pusher.Push(t.Context(), "B-1", f.person("expiring-guangdong"))
		if err != nil || exchange.CodeOf(service.err) != want || (len(service.reports) == 1) != (want == "") {
			t.Errorf("%s: %v, %d reports, error %v", kind, err, len(service.reports), service.err)
		}
	}
	pusher, _ := pushing(t, f)
	if _, _, err := pusher.Push(t.Context(), "B-1", f.person("no-licence")); err == nil {
		t.Error("pushed a licence that is none")
	}
}
