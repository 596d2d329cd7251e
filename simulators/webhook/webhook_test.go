package webhook

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
)

func TestEventsAndVersions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.expect("told", b.event(7), http.StatusOK, `{"licence":"k","version":7,"duplicate":false,"message":"已收到"}`)
	b.expect("again", b.event(7), http.StatusOK, `"version":7,"duplicate":true`)
	b.expect("an older one", b.event(6), http.StatusOK, `"version":7,"duplicate":false`)
	b.expect("a newer one", b.event(9), http.StatusOK, `"version":9,"duplicate":false`)
	held, known := b.server.Told("k")
	if !known || held.Version != 9 || held.Writings != 2 || held.Fields["cardNumber"] != `"3**1"` || held.Fields["points"] != "3" || !held.Learned.Equal(*b.now) {
		t.Errorf("held %+v", held)
	}
	thin := b.event(10)
	thin.body = strings.Replace(thin.body, `,"fields":{"cardNumber":"3**1","points":3},"masked":["cardNumber"]`, "", 1)
	b.expect("a thin one", thin, http.StatusOK, `"version":10`)
	if held, _ := b.server.Told("k"); len(held.Fields) != 0 {
		t.Errorf("a thin event left %v", held.Fields)
	}
}

func TestHeld(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.expect("nothing", b.question(`{"after":"","limit":1}`), http.StatusOK, `{"holdings":[]}`)
	b.expect("told", b.event(7), http.StatusOK, `"version":7`)
	// printf 'cardNumber="3**1"\npoints=3\n' | sha256sum
	b.expect("held", b.question(`{"after":"","limit":1}`), http.StatusOK, `{"holdings":[{"licence":"k","version":7,"digest":"ddf24718430689f31abbfb413c1260950583a043cd002b4cd9eddf6b13c245b1"}]}`)
	b.expect("after it", b.question(`{"after":"k","limit":1}`), http.StatusOK, `{"holdings":[]}`)
	for _, body := range []string{`{}`, `{"after":"","limit":0}`, `{"after":"","limit":1001}`, `{"after":"","limit":1,"name":"x"}`, ``} {
		b.expect("a question of no sense", b.question(body), http.StatusBadRequest, "limit")
	}
}

func TestIDsAreRememberedForTheWindow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	duplicate := func(want string) {
		t.Helper()
		b.expect("again", b.event(7), http.StatusOK, `"duplicate":`+want)
	}
	duplicate("false")
	*b.now = b.now.Add(2 * window)
	duplicate("true")
	*b.now = b.now.Add(2*window + time.Second)
	duplicate("false")
	if err := b.server.Faults().Set(fault.Fault{Kind: fault.ForgetSecrets, Times: 1}); err != nil {
		t.Fatal(err)
	}
	duplicate("false")
	duplicate("true")
}

func TestEventsThatAreNotTaken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, c := range map[string][2]string{
		"another CloudEvents":   {`"1.0"`, `"0.3"`},
		"another type":          {`changed.v1`, `changed.v2`},
		"another data type":     {`"application/json"`, `"text/xml"`},
		"another id":            {`"id":"k/7"`, `"id":"k/8"`},
		"another version":       {`"version":7`, `"version":8`},
		"another licence":       {`"licence":"k"`, `"licence":"l"`},
		"another source":        {`"source":"gw"`, `"source":"g2"`},
		"another gateway":       {`"via":["gw"]`, `"via":["g2"]`},
		"no gateway":            {`"via":["gw"]`, `"via":[]`},
		"no origin":             {`"suishenban"`, `""`},
		"no region":             {`"310000"`, `"31"`},
		"no events":             {`"events":[{"kind":"replaced"}],`, ``},
		"a time of nothing":     {`"events":[{"kind":"replaced"}]`, `"events":[]`},
		"two times":             {`"time":"2026-11-24T09`, `"time":"2026-11-24T08`},
		"a name":                {`"licence":"k"`, `"licence":"k","name":"x"`},
		"a name as field":       {`"points":3`, `"name":"x"`},
		"masked and whole":      {`3**1`, `3101`},
		"masked and not there":  {`"cardNumber":"3**1",`, ``},
		"something behind it":   {`["cardNumber"]}}`, `["cardNumber"]}} {}`},
		"an attribute too many": {`"subject":"k"`, `"subject":"k","extra":"x"`},
	} {
		m := b.event(7)
		m.body = strings.Replace(m.body, c[0], c[1], 1)
		b.expect(name, m, http.StatusBadRequest, "invalid-request")
	}
	if _, known := b.server.Told("k"); known {
		t.Error("an event that was refused was kept")
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, c := range []struct {
		code   string
		status int
	}{{"503", 503}, {"410", 410}, {"200", 200}, {"busy", 500}, {"99", 500}} {
		setting := fault.Fault{Kind: fault.Business, Code: c.code, Message: "系统繁忙", Operation: OperationEvent, Times: 1}
		if err := b.server.Faults().Set(setting); err != nil {
			t.Fatal(err)
		}
		b.expect(c.code, b.event(7), c.status, "switched-on")
	}
	if err := b.server.Faults().Set(fault.Fault{Kind: fault.WrongPerson, Times: 1}); err != nil {
		t.Fatal(err)
	}
	b.expect("another's receipt", b.event(7), http.StatusOK, `"licence":"another"`)
}

func TestNewNeedsKeys(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, keys := range map[string][]string{
		"none": nil, "no PEM": {"x"}, "no key": {"-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"}, "another curve": {publicPEM(t, &key.PublicKey)},
	} {
		if _, err := New(Config{Keys: keys}, nil, time.Now); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(bundle{now: &time.Time{}}.event(7).body))
	f.Add([]byte(`{"data":{"fields":{"status":[{"b":1,"a":1e400}]}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		told, problem := read(body)
		if problem != "" {
			return
		}
		if told.fault(told.ID, "") == "" && (told.copy(time.Time{}).Licence == "" || told.Data.Version == 0) {
			t.Fatalf("taken: %s", body)
		}
	})
}
