package standin

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/simulators/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo is the smallest platform: it answers with the time it was told.
type echo struct{ forgotten int }

func (e *echo) Operation(request *http.Request, _ []byte) string {
	return strings.TrimPrefix(request.URL.Path, "/")
}

func (e *echo) Answer(call Call) Reply {
	return JSON(call, http.StatusOK, map[string]string{"time": call.Now.UTC().Format(time.RFC3339), "text": "政桥" + strings.Repeat("x", 100)})
}

func (e *echo) Forget() { e.forgotten++ }

func clock() time.Time { return time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC) }

type bundle struct {
	server   *Server
	platform *echo
	listener *httptest.Server
}

func setup(t *testing.T) bundle {
	t.Helper()
	platform := &echo{}
	server := NewServer(platform, clock)
	listener := httptest.NewServer(server)
	t.Cleanup(listener.Close)
	return bundle{server, platform, listener}
}

func (b bundle) set(t *testing.T, setting fault.Fault) {
	t.Helper()
	if err := b.server.Faults().Set(setting); err != nil {
		t.Fatal(err)
	}
}

// get reads an answer to its end; the error is that of the connection.
func (b bundle) get(t *testing.T) (*http.Response, []byte, error) {
	t.Helper()
	client := b.listener.Client()
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.listener.URL+"/query", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, body, err
}

func TestFaultsOnTheWire(t *testing.T) {
	t.Parallel()
	for kind, check := range map[fault.Kind]func(*http.Response, []byte, error) bool{
		fault.Refuse: func(response *http.Response, _ []byte, err error) bool { return response == nil && err != nil },
		fault.Cut: func(response *http.Response, body []byte, err error) bool {
			return response != nil && response.StatusCode == 200 && errors.Is(err, io.ErrUnexpectedEOF) && len(body) > 0
		},
		fault.ServerError: func(response *http.Response, body []byte, _ error) bool {
			return response.StatusCode == 500 && bytes.Contains(body, []byte("<html>"))
		},
		fault.Garbage: func(response *http.Response, body []byte, _ error) bool {
			return response.StatusCode == 200 && !bytes.Contains(body, []byte("政桥"))
		},
		fault.ContentType: func(response *http.Response, body []byte, _ error) bool {
			return strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") && bytes.Contains(body, []byte("政桥"))
		},
		fault.InvalidUTF8: func(_ *http.Response, body []byte, _ error) bool { return bytes.Contains(body, []byte{0xFF}) },
		fault.GBK: func(_ *http.Response, body []byte, _ error) bool {
			return bytes.Contains(body, []byte("\xd5\xfe\xc7\xc5"))
		},
		fault.ClockSkew: func(_ *http.Response, body []byte, _ error) bool {
			return bytes.Contains(body, []byte("T01:00:01Z"))
		},
		fault.Drip: func(_ *http.Response, body []byte, err error) bool {
			return err == nil && bytes.Contains(body, []byte("政桥"))
		},
		fault.Delay: func(_ *http.Response, body []byte, err error) bool {
			return err == nil && bytes.Contains(body, []byte("政桥"))
		},
		fault.Oversize: func(_ *http.Response, body []byte, _ error) bool {
			return len(body) > 100_000 && bytes.HasSuffix(body, []byte("}"))
		},
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			setting := fault.Fault{Kind: kind, Times: 1, Duration: time.Microsecond, Size: 100_000}
			if kind == fault.ClockSkew {
				setting.Duration = time.Second
			}
			b.set(t, setting)
			if response, body, err := b.get(t); !check(response, body, err) {
				t.Fatalf("%v %q %v", response, body, err)
			}
			if response, body, err := b.get(t); err != nil || response.StatusCode != 200 || !bytes.Contains(body, []byte("政桥")) {
				t.Fatalf("the call after: %q %v", body, err)
			}
			if calls := b.server.Calls()["query"]; calls != 2 {
				t.Fatalf("%d calls counted, want 2", calls)
			}
		})
	}
}

func TestForgetComesBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.set(t, fault.Fault{Kind: fault.ForgetSecrets, Times: 1})
	for range 2 {
		if _, _, err := b.get(t); err != nil {
			t.Fatal(err)
		}
	}
	if b.platform.forgotten != 1 {
		t.Fatalf("forgotten %d times, want once", b.platform.forgotten)
	}
}

func TestDelayLastsAsLongAsItSaysAndEndsWithTheCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := NewServer(&echo{}, clock)
		if err := server.Faults().Set(fault.Fault{Kind: fault.Delay, Duration: time.Minute}); err != nil {
			t.Fatal(err)
		}
		start, recorder := time.Now(), httptest.NewRecorder()
		server.ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, "/query", nil))
		if waited := time.Since(start); waited != time.Minute || recorder.Body.Len() == 0 {
			t.Errorf("waited %v, body %q", waited, recorder.Body)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start, recorder = time.Now(), httptest.NewRecorder()
		server.ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, "/query", nil).WithContext(ctx))
		if waited := time.Since(start); waited != time.Second || recorder.Body.Len() != 0 {
			t.Errorf("after the caller left: waited %v, body %q", waited, recorder.Body)
		}
	})
}

func TestOversizeStopsWhenTheCallerHangsUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.set(t, fault.Fault{Kind: fault.Oversize, Size: 1 << 40})
	client := b.listener.Client()
	response, err := client.Get(b.listener.URL + "/query")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(response.Body).Peek(64); err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	client.CloseIdleConnections() // Cleanup closes the listener, which waits for the handler: it would never end
}

func TestUnknownAddressAndTooLongRequest(t *testing.T) {
	t.Parallel()
	server := NewServer(&echo{}, clock)
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
	if recorder.Code != http.StatusNotFound || server.Calls()["unknown"] != 1 {
		t.Errorf("unknown address: %d, calls %v", recorder.Code, server.Calls())
	}
	recorder = httptest.NewRecorder()
	server.ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, "/query", strings.NewReader(strings.Repeat("x", maxRequest+1))))
	if recorder.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("too long: %d", recorder.Code)
	}
}

func control(server *Server, from, method, path, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.RemoteAddr = from
	recorder := httptest.NewRecorder()
	server.Control().ServeHTTP(recorder, request)
	return recorder
}

func TestControl(t *testing.T) {
	t.Parallel()
	server := NewServer(&echo{}, clock)
	const here = "127.0.0.1:40000"
	for _, step := range []struct {
		from, method, path, body string
		status                   int
		want                     string
	}{
		{here, "GET", "/_sim/faults", "", 200, "[]"},
		{here, "POST", "/_sim/faults", `{"kind":"delay","duration":"1.5s","times":3,"operation":"query"}`, 204, ""},
		{here, "GET", "/_sim/faults", "", 200, `[{"kind":"delay","operation":"query","times":3,"duration":"1.5s"}]`},
		{here, "POST", "/_sim/faults", `{"kind":"delay","duration":"soon"}`, 400, "soon"},
		{here, "POST", "/_sim/faults", `{"kind":"delay","forever":true}`, 400, "forever"},
		{here, "POST", "/_sim/faults", `{"kind":"earthquake"}`, 400, "earthquake"},
		{here, "GET", "/_sim/calls", "", 200, "{}"},
		{here, "DELETE", "/_sim/faults", "", 204, ""},
		{here, "GET", "/_sim/faults", "", 200, "[]"},
		{"[::1]:1", "GET", "/_sim/calls", "", 200, "{}"},
		{"192.0.2.7:40000", "GET", "/_sim/calls", "", 403, "this machine only"},
		{"", "GET", "/_sim/calls", "", 403, "this machine only"},
	} {
		answer := control(server, step.from, step.method, step.path, step.body)
		if answer.Code != step.status || !strings.Contains(answer.Body.String(), step.want) {
			t.Errorf("%s %s %s from %s: %d %s", step.method, step.path, step.body, step.from, answer.Code, answer.Body)
		}
	}
}

func TestMintRepeatsItselfInEachRunAndNeverWithinOne(t *testing.T) {
	t.Parallel()
	var first, second Mint
	one, two := first.Next("a"), first.Next("a")
	if one == two || len(one) != 32 || second.Next("a") != one || second.Next("b") == two {
		t.Fatalf("%s %s", one, two)
	}
}
