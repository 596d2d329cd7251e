package webhook_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/webhook"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/simulators/standin"
	party "github.com/zhengqiao/zhengqiao/simulators/webhook"
)

// post gives the status with which a platform answers a message.
func post(platform http.Handler, header http.Header, body []byte) int {
	recorder := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodPost, party.PathEvents, bytes.NewReader(body))
	request.Header = header.Clone()
	platform.ServeHTTP(recorder, request)
	return recorder.Code
}

// TestThinVersions: a platform that is told thinly follows the versions, and what it holds can be compared.
func TestThinVersions(t *testing.T) {
	t.Parallel()
	private, public := newKey(t)
	platform := start(t, now, public)
	server := httptest.NewServer(platform)
	t.Cleanup(server.Close)
	receiver := open(t, settings(server.URL, webhook.ContentThin), files{"file:key": private}, outbound.Deps{})
	older, newer := sample(t), sample(t)
	older.Version--
	newer.Version++
	for i, notice := range []exchange.Notice{sample(t), sample(t), older, newer} {
		if err := receiver.Changes.Apply(t.Context(), notice); err != nil {
			t.Fatal(err)
		}
		held, _ := platform.Told(notice.Licence)
		if want := []uint64{7, 7, 7, 8}[i]; held.Version != want || len(held.Fields) != 0 {
			t.Errorf("after notice %d: %+v, want version %d", i, held, want)
		}
	}
	want, err := receiver.Holdings.Expected(newer)
	if err != nil {
		t.Fatal(err)
	}
	got, err := receiver.Holdings.Held(t.Context(), newer.Purpose, "")
	if err != nil || !slices.Equal(got, []exchange.Holding{want}) {
		t.Errorf("held %+v, error %v, want %+v", got, err, want)
	}
}

// TestRepairOfTheSameVersion: a copy that went wrong is put right by the same event, although its id was seen.
func TestRepairOfTheSameVersion(t *testing.T) {
	t.Parallel()
	private, public := newKey(t)
	platform := start(t, now, public)
	server := httptest.NewServer(platform)
	t.Cleanup(server.Close)
	receiver := open(t, settings(server.URL, webhook.ContentFull), files{"file:key": private}, outbound.Deps{})
	notice := sample(t)
	if err := receiver.Changes.Apply(t.Context(), notice); err != nil {
		t.Fatal(err)
	}
	right := holdingOf(t, receiver, notice)
	spoil(t, platform, notice.Licence)
	if spoilt := holdingOf(t, receiver, notice); spoilt == right {
		t.Fatal("the copy was not spoilt")
	}
	if err := receiver.Changes.Apply(t.Context(), notice); err != nil {
		t.Fatal(err)
	}
	if mended := holdingOf(t, receiver, notice); mended != right {
		t.Errorf("held %+v, want %+v", mended, right)
	}
}

// spoil changes a copy behind the gateway's back.
func spoil(t *testing.T, platform *standin.Server, licence string) {
	t.Helper()
	request := httptest.NewRequest(http.MethodPost, "/_sim/told", strings.NewReader(`{"licence":"`+licence+`","field":"points","value":"0"}`))
	request.RemoteAddr = "127.0.0.1:1"
	recorder := httptest.NewRecorder()
	platform.Control().ServeHTTP(recorder, request)
	if recorder.Code != http.StatusNoContent {
		t.Fatalf("%d %s", recorder.Code, recorder.Body)
	}
}

func holdingOf(t *testing.T, receiver *exchange.Receiver, notice exchange.Notice) exchange.Holding {
	t.Helper()
	held, err := receiver.Holdings.Held(t.Context(), notice.Purpose, "")
	if err != nil || len(held) != 1 {
		t.Fatalf("held %+v, error %v", held, err)
	}
	return held[0]
}

// TestForgedAndReplayed: what was posted to one platform is of no use against another, nor later, nor changed.
func TestForgedAndReplayed(t *testing.T) {
	t.Parallel()
	private, public := newKey(t)
	_, stranger := newKey(t)
	box, receiver := posting(t, webhook.ContentFull, nil, files{"file:key": private}, outbound.Deps{})
	if err := receiver.Changes.Apply(t.Context(), sample(t)); err != nil {
		t.Fatal(err)
	}
	header, body := box.last()
	changed := func(name, value string) http.Header {
		other := header.Clone()
		other.Set(name, value)
		return other
	}
	for name, c := range map[string]struct {
		header http.Header
		body   []byte
		key    string
		want   int
	}{
		"as it was":         {header, body, public, http.StatusOK},
		"another's key":     {header, body, stranger, http.StatusUnauthorized},
		"another id":        {changed("Webhook-Id", "6f1d0c9a5b7e/8"), body, public, http.StatusUnauthorized},
		"another time":      {changed("Webhook-Timestamp", "1795482001"), body, public, http.StatusUnauthorized},
		"another scheme":    {changed("Webhook-Signature", "v1,"+header.Get("Webhook-Signature")[6:]), body, public, http.StatusUnauthorized},
		"another version":   {header, bytes.Replace(body, []byte(`"version":7`), []byte(`"version":8`), 1), public, http.StatusUnauthorized},
		"another mediatype": {changed("Content-Type", "application/json"), body, public, http.StatusUnsupportedMediaType},
	} {
		if status := post(start(t, now, c.key), c.header, c.body); status != c.want {
			t.Errorf("%s: %d, want %d", name, status, c.want)
		}
	}
}
