package yardstick

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a proxy before a target that echoes what reached it and counts its connections.
func rig(t *testing.T) (proxy *httptest.Server, dialled *atomic.Int64) {
	t.Helper()
	dialled = new(atomic.Int64)
	target := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Path", r.URL.Path)
		w.Header().Set("X-Signature", r.Header.Get("Signature"))
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.Copy(w, r.Body)
	}))
	target.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			dialled.Add(1)
		}
	}
	target.Start()
	t.Cleanup(target.Close)
	address, err := url.Parse(target.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy = httptest.NewServer(New(address, 4))
	t.Cleanup(proxy.Close)
	return proxy, dialled
}

func TestHandsOnUnchanged(t *testing.T) {
	t.Parallel()
	proxy, dialled := rig(t)
	for range 8 {
		request, err := http.NewRequest(http.MethodPost, proxy.URL+"/v1/licences/query", strings.NewReader(`{"a":1}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Signature", "sig1=:AA==:")
		response, err := proxy.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusAccepted || string(body) != `{"a":1}` ||
			response.Header.Get("X-Path") != "/v1/licences/query" || response.Header.Get("X-Signature") != "sig1=:AA==:" {
			t.Fatalf("%d %q %v, %v", response.StatusCode, body, response.Header, err)
		}
	}
	if n := dialled.Load(); n != 1 {
		t.Errorf("8 requests in a row took %d connections to the target, want 1", n)
	}
}
