package suishenban_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/suishenban"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
	city "github.com/zhengqiao/zhengqiao/simulators/suishenban"
)

// once is a guard of nonces as a program has one.
type once struct {
	mu   sync.Mutex
	used map[string]time.Time
}

func (o *once) Use(nonce string, until time.Time) (bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.used == nil {
		o.used = map[string]time.Time{}
	}
	_, used := o.used[nonce]
	o.used[nonce] = until
	return !used, nil
}

// arrivals is a service that receives pushes.
type arrivals struct {
	inbound suishenban.Inbound
	nonces  *once
	now     time.Time
	reports []exchange.Report
	err     error
}

func (a *arrivals) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(writer, request.Body, 2*suishenban.MaxPushBody))
	if err != nil {
		a.err = err
		return
	}
	reports, said, err := a.inbound.Receive(request.Header, body, a.now)
	answer := said(nil)
	a.reports, a.err = append(a.reports, reports...), err
	_, _ = writer.Write(answer)
}

func newKey(t testing.TB) *smcrypto.PrivateKey {
	t.Helper()
	key, err := smcrypto.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func receiver(key *smcrypto.PrivateKey, now time.Time) *arrivals {
	a := &arrivals{nonces: &once{}, now: now}
	a.inbound = suishenban.Inbound{
		Keys:   func(keyID string) (*smcrypto.PublicKey, bool) { return key.Public(), keyID == "suishenban-1" },
		Nonces: a.nonces, Reporter: "suishenban", Region: "310000",
	}
	return a
}

func pushing(t *testing.T, f *fixture) (*city.Pusher, *arrivals) {
	t.Helper()
	key := newKey(t)
	service := receiver(key, f.now)
	listener := httptest.NewServer(service)
	t.Cleanup(listener.Close)
	return &city.Pusher{
		URL: listener.URL, KeyID: "suishenban-1", Client: listener.Client(), Clock: func() time.Time { return f.now },
		Sign:   func(message []byte) ([]byte, error) { return key.Sign(rand.Reader, message) },
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
		status, answer, err := pusher.Push(t.Context(), person)
		if err != nil || status != http.StatusOK || !strings.Contains(string(answer), `"accepted":1,"errors":[]`) || service.err != nil {
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
		if err := pusher.Faults.Set(fault.Fault{Kind: kind, Duration: 10 * time.Minute, Size: suishenban.MaxPushBody - 100}); err != nil {
			t.Fatal(err)
		}
		_, _, err := pusher.Push(t.Context(), f.person("replaced-shanghai"))
		if err != nil || exchange.CodeOf(service.err) != want || (len(service.reports) == 1) != (want == "") {
			t.Errorf("%s: %v, %d reports, error %v", kind, err, len(service.reports), service.err)
		}
	}
	pusher, _ := pushing(t, f)
	if _, _, err := pusher.Push(t.Context(), f.person("no-licence")); err == nil {
		t.Error("pushed a licence that is none")
	}
}

// event is one event of normal-shanghai's licence.
func (f *fixture) event(seq string) string {
	person := f.person("normal-shanghai")
	return `{"seq":` + seq + `,"holderType":"居民身份证","holderCode":"` + person.IDNumber + `","holderName":"` + person.Name +
		`","changeTime":"2026-11-24 08:00:00","data":{"ZT":"D"}}`
}

// message is signed by the rule written out here.
func message(t testing.TB, key *smcrypto.PrivateKey, kid, nonce, data string, sent time.Time) map[string]any {
	t.Helper()
	ms := sent.UnixMilli()
	signature, err := key.Sign(rand.Reader, []byte("1\n"+kid+"\n"+strconv.FormatInt(ms, 10)+"\n"+nonce+"\n"+data))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{"ver": "1", "kid": kid, "ts": ms, "nonce": nonce, "data": data, "sig": base64.StdEncoding.EncodeToString(signature)}
}

func encoded(t testing.TB, members map[string]any) []byte {
	t.Helper()
	text, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

const nonce = "abcdefgh12345678"

func TestReceiveRefuses(t *testing.T) {
	t.Parallel()
	f, key := newFixture(t), newKey(t)
	data := `{"events":[` + f.event("1") + `]}`
	set := func(member string, value any) func(map[string]any) {
		return func(members map[string]any) { members[member] = value }
	}
	for name, c := range map[string]struct {
		message map[string]any
		spoil   func(map[string]any)
		want    exchange.Code
		spent   int // nonces
	}{
		"other data":        {message(t, key, "suishenban-1", nonce, data, f.now), set("data", `{"events":[]}`), exchange.SignatureInvalid, 0},
		"other time":        {message(t, key, "suishenban-1", nonce, data, f.now), set("ts", f.now.UnixMilli()+1), exchange.SignatureInvalid, 0},
		"other nonce":       {message(t, key, "suishenban-1", nonce, data, f.now), set("nonce", nonce+"9"), exchange.SignatureInvalid, 0},
		"other key":         {message(t, newKey(t), "suishenban-1", nonce, data, f.now), set("ver", "1"), exchange.SignatureInvalid, 0},
		"unknown key id":    {message(t, key, "suishenban-2", nonce, data, f.now), set("ver", "1"), exchange.SignatureInvalid, 0},
		"other version":     {message(t, key, "suishenban-1", nonce, data, f.now), set("ver", "2"), exchange.SignatureInvalid, 0},
		"no signature":      {message(t, key, "suishenban-1", nonce, data, f.now), set("sig", ""), exchange.SignatureInvalid, 0},
		"short nonce":       {message(t, key, "suishenban-1", "n", data, f.now), set("ver", "1"), exchange.SignatureInvalid, 0},
		"a moved border":    {message(t, key, "suishenban-1", nonce+"\n"+nonce, data, f.now), set("ver", "1"), exchange.SignatureInvalid, 0},
		"late":              {message(t, key, "suishenban-1", nonce, data, f.now.Add(-300001*time.Millisecond)), set("ver", "1"), exchange.SignatureExpired, 0},
		"early":             {message(t, key, "suishenban-1", nonce, data, f.now.Add(300001*time.Millisecond)), set("ver", "1"), exchange.SignatureExpired, 0},
		"an unknown member": {message(t, key, "suishenban-1", nonce, data, f.now), set("more", 1), exchange.MalformedJSON, 0},
		"data is no push":   {message(t, key, "suishenban-1", nonce, `[]`, f.now), set("ver", "1"), exchange.MalformedJSON, 1},
		"no events":         {message(t, key, "suishenban-1", nonce, `{"events":[]}`, f.now), set("ver", "1"), exchange.InvalidRequest, 1},
		"too many events": {
			message(t, key, "suishenban-1", nonce, `{"events":[1`+strings.Repeat(",1", suishenban.MaxPushEvents)+`]}`, f.now), set("ver", "1"),
			exchange.InvalidRequest, 1,
		},
	} {
		c.spoil(c.message)
		service := receiver(key, f.now)
		reports, said, err := service.inbound.Receive(nil, encoded(t, c.message), f.now)
		answer := said(nil)
		if exchange.CodeOf(err) != c.want || len(reports) != 0 || !strings.Contains(string(answer), `"success":false`) || len(service.nonces.used) != c.spent {
			t.Errorf("%s: %d reports, answer %s, error %v, %d nonces", name, len(reports), answer, err, len(service.nonces.used))
		}
	}
}

func TestReceiveTakesNoMessageTwiceAndBrokenEventsAlone(t *testing.T) {
	t.Parallel()
	f, key := newFixture(t), newKey(t)
	organisation := strings.Replace(f.event("2"), "居民身份证", "统一社会信用代码", 1)
	data := `{"events":[` + f.event("1") + `,` + organisation + `,null,` + strings.Replace(f.event("4"), `{"ZT":"D"}`, `null`, 1) + `,` + f.event("5") + `]}`
	service := receiver(key, f.now)
	body := encoded(t, message(t, key, "suishenban-1", nonce, data, f.now.Add(-suishenban.PushSkew)))
	reports, said, err := service.inbound.Receive(nil, body, f.now)
	answer := said(nil)
	if err != nil || len(reports) != 2 || reports[0].ID != "1" || reports[1].ID != "5" || !strings.Contains(string(answer), `"accepted":2,"errors":[{"seq":0`) {
		t.Errorf("%d reports, answer %s, error %v", len(reports), answer, err)
	}
	if until := service.nonces.used["suishenban-1 "+nonce]; !until.After(f.now) {
		t.Errorf("the nonce is kept until %v, while its message is good at %v", until, f.now)
	}
	if reports, _, err = service.inbound.Receive(nil, body, f.now); exchange.CodeOf(err) != exchange.RequestReplayed || len(reports) != 0 {
		t.Errorf("again: %d reports, error %v", len(reports), err)
	}
}

func FuzzReceive(f *testing.F) {
	fix, key := newFixture(f), newKey(f)
	f.Add([]byte(`{"events":[`+fix.event("1")+`]}`), true)
	f.Add([]byte(`{"events":[{"seq":1e3,"holderType":"居民身份证","data":{"SFZMHM":"x","sfzmhm":1}},null]}`), true)
	f.Add(encoded(f, message(f, key, "suishenban-1", nonce, "{}", fix.now)), false)
	f.Fuzz(func(t *testing.T, text []byte, sign bool) {
		body := text
		if sign {
			body = encoded(t, message(t, key, "suishenban-1", nonce, strings.ToValidUTF8(string(text), "?"), fix.now))
		}
		service := receiver(key, fix.now)
		reports, said, err := service.inbound.Receive(nil, body, fix.now)
		answer := said(nil)
		if err != nil && len(reports) > 0 || len(answer) == 0 || !json.Valid(answer) {
			t.Fatalf("%d reports, answer %q, error %v", len(reports), answer, err)
		}
	})
}

func BenchmarkReceive(b *testing.B) {
	f, key := newFixture(b), newKey(b)
	body := encoded(b, message(b, key, "suishenban-1", nonce, `{"events":[`+f.event("1")+`]}`, f.now))
	service := receiver(key, f.now)
	b.ReportAllocs()
	for b.Loop() {
		clear(service.nonces.used)
		if _, _, err := service.inbound.Receive(nil, body, f.now); err != nil {
			b.Fatal(err)
		}
	}
}
