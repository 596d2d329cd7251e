package webhook

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"

	"github.com/zhengqiao/zhengqiao/simulators/citizen"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
)

type bundle struct {
	t      *testing.T
	server *standin.Server
	key    *sm2.PrivateKey
	now    *time.Time
}

func setup(t *testing.T) bundle {
	t.Helper()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, citizen.Zone())
	b := bundle{t: t, now: &now}
	var text string
	b.key, text = newKey(t)
	_, stranger := newKey(t)
	server, err := New(Config{Keys: []string{stranger, text}, Source: "gw"}, nil, func() time.Time { return *b.now })
	if err != nil {
		t.Fatal(err)
	}
	b.server = server
	return b
}

func newKey(t *testing.T) (*sm2.PrivateKey, string) {
	t.Helper()
	key, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key, publicPEM(t, &key.PublicKey)
}

func publicPEM(t *testing.T, key *ecdsa.PublicKey) string {
	t.Helper()
	der, err := smx509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// message is a call before it is made.
type message struct {
	method, path, id, timestamp, mediaType, signature, body string
}

// event gives a good message and signs it when it is called.
func (b bundle) event(version int) message {
	id := "k/" + strconv.Itoa(version)
	return message{
		http.MethodPost, PathEvents, id, strconv.FormatInt(b.now.Unix(), 10), "application/cloudevents+json", "",
		`{"specversion":"1.0","id":"` + id + `","source":"gw","type":"cn.zhengqiao.licence.changed.v1","subject":"k","time":"2026-11-24T09:00:00+08:00",` +
			`"datacontenttype":"application/json","data":{"licence":"k","version":` + strconv.Itoa(version) + `,"events":[{"kind":"replaced"}],"region":"310000",` +
			`"happenedAt":"2026-11-24T09:00:00+08:00","origin":"suishenban","via":["gw"],"fields":{"cardNumber":"3**1","points":3},"masked":["cardNumber"]}}`,
	}
}

func (b bundle) question(body string) message {
	return message{http.MethodPost, PathHeld, "held/1", strconv.FormatInt(b.now.Unix(), 10), "application/json", "", body}
}

func (b bundle) sign(m message) string {
	b.t.Helper()
	signature, err := b.key.Sign(rand.Reader, []byte(m.id+"."+m.timestamp+"."+m.body), sm2.DefaultSM2SignerOpts)
	if err != nil {
		b.t.Fatal(err)
	}
	return "v1sm2," + base64.StdEncoding.EncodeToString(signature)
}

func (b bundle) call(m message) (int, string) {
	b.t.Helper()
	if m.signature == "" {
		m.signature = b.sign(m)
	}
	request := httptest.NewRequest(m.method, m.path, strings.NewReader(m.body))
	for name, value := range map[string]string{
		"webhook-id": m.id, "webhook-timestamp": m.timestamp, "webhook-signature": m.signature, "Content-Type": m.mediaType,
	} {
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	b.server.ServeHTTP(recorder, request)
	return recorder.Code, recorder.Body.String()
}

func (b bundle) expect(name string, m message, status int, want string) {
	b.t.Helper()
	if got, text := b.call(m); got != status || !strings.Contains(text, want) {
		b.t.Errorf("%s: %d %s, want %d and %s", name, got, text, status, want)
	}
}

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

func TestVerification(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at := func(off time.Duration) string { return strconv.FormatInt(b.now.Add(off).Unix(), 10) }
	for name, c := range map[string]struct {
		change func(*message)
		status int
		want   string
	}{
		"at the window's end":     {func(m *message) { m.timestamp = at(-window) }, 200, `"version":7`},
		"ahead, within it":        {func(m *message) { m.timestamp = at(window) }, 200, `"version":7`},
		"too old":                 {func(m *message) { m.timestamp = at(-window - time.Second) }, 401, "signature-expired"},
		"too far ahead":           {func(m *message) { m.timestamp = at(window + time.Second) }, 401, "signature-expired"},
		"no time":                 {func(m *message) { m.timestamp = "now" }, 401, "signature-expired"},
		"no id":                   {func(m *message) { m.id = "" }, 401, "signature-missing"},
		"an id with a full stop":  {func(m *message) { m.id = "k.7" }, 401, "signature-missing"},
		"an id beyond all bounds": {func(m *message) { m.id = strings.Repeat("k", maxID+1) }, 401, "signature-missing"},
		"two, one of them right":  {func(m *message) { m.signature = "v1sm2,AA== " + b.sign(*m) }, 200, `"version":7`},
		"one of a newer scheme":   {func(m *message) { m.signature = "v9,??? " + b.sign(*m) }, 200, `"version":7`},
		"another's signature":     {func(m *message) { m.signature = b.sign(b.event(8)) }, 401, "signature-invalid"},
		"no signature":            {func(m *message) { m.signature = "v1sm2," }, 401, "signature-invalid"},
		"signature not Base64":    {func(m *message) { m.signature = "v1sm2,*" }, 401, "signature-invalid"},
		"by GET":                  {func(m *message) { m.method = http.MethodGet }, 405, "POST"},
		"plain JSON":              {func(m *message) { m.mediaType = "application/json" }, 415, "cloudevents"},
		"in GBK":                  {func(m *message) { m.mediaType += "; charset=gbk" }, 415, "cloudevents"},
		"in UTF-8":                {func(m *message) { m.mediaType += "; charset=UTF-8" }, 200, `"version":7`},
		"nowhere":                 {func(m *message) { m.path = "/" }, 404, ""},
	} {
		m := b.event(7)
		c.change(&m)
		b.expect(name, m, c.status, c.want)
	}
	twice := httptest.NewRequest(http.MethodPost, PathEvents, strings.NewReader("{}"))
	twice.Header["Webhook-Id"] = []string{"a", "a"}
	recorder := httptest.NewRecorder()
	if b.server.ServeHTTP(recorder, twice); recorder.Code != http.StatusUnauthorized {
		t.Errorf("two ids: %d", recorder.Code)
	}
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
