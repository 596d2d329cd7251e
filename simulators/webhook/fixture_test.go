package webhook

import (
	"crypto/ecdsa"
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
