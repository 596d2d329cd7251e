package gateway_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/zhengqiao/zhengqiao/gateway"
)

// serve runs a server until the returned function stops it and gives what Serve returned.
func serve(t tb, config gateway.ServerConfig, handler http.Handler) (*gateway.Server, func() error) {
	t.Helper()
	config.Listen, config.OpsListen = "127.0.0.1:0", "127.0.0.1:0"
	server := must(gateway.Listen(context.Background(), config, handler, gateway.Ops(prometheus.NewRegistry())))(t)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx) }()
	return server, func() error { cancel(); return <-ended }
}

func text(t tb, client *http.Client, url string) (string, error) {
	t.Helper()
	defer client.CloseIdleConnections()
	answer, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	return string(must(io.ReadAll(answer.Body))(t)), nil
}

var hello = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })

func TestBothListenersServeAndStop(t *testing.T) {
	t.Parallel()
	server, stop := serve(t, gateway.ServerConfig{}, hello)
	for address, want := range map[string]string{server.Addr().String() + "/": "hello", server.OpsAddr().String() + "/healthz": "ok\n"} {
		if got, err := text(t, &http.Client{}, "http://"+address); err != nil || got != want {
			t.Errorf("%s: %q, %v", address, got, err)
		}
	}
	if err := stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	if err := server.Stop(); err != nil {
		t.Errorf("stop again: %v", err)
	}
	if _, err := text(t, &http.Client{}, "http://"+server.Addr().String()); err == nil {
		t.Error("a stopped server answers")
	}
}

// A request under way when the stop begins is answered.
func TestStopWaitsForRequestsUnderWay(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}), make(chan struct{})
	server, stop := serve(t, gateway.ServerConfig{}, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-release
		_, _ = io.WriteString(w, "done")
	}))
	answer := make(chan string, 1)
	go func() {
		got, err := text(t, &http.Client{}, "http://"+server.Addr().String())
		answer <- got + errorText(err)
	}()
	<-entered
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	close(release)
	if got := <-answer; got != "done" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("stop: %v", err)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// A request that doesn't end is cut off after the drain time, and the stop says so.
func TestStopCutsOffAfterTheDrainTime(t *testing.T) {
	t.Parallel()
	entered := make(chan struct{})
	server, stop := serve(t, gateway.ServerConfig{Limits: gateway.Limits{Drain: time.Millisecond}},
		http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(entered)
			<-r.Context().Done()
		}))
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = text(t, &http.Client{}, "http://"+server.Addr().String())
	}()
	<-entered
	if err := stop(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("stop: %v", err)
	}
	<-done
}

func TestListenSaysWhichAddressIsTaken(t *testing.T) {
	t.Parallel()
	taken := must(net.Listen("tcp", "127.0.0.1:0"))(t)
	defer taken.Close()
	for _, config := range []gateway.ServerConfig{
		{Listen: taken.Addr().String(), OpsListen: "127.0.0.1:0"}, {Listen: "127.0.0.1:0", OpsListen: taken.Addr().String()},
	} {
		if _, err := gateway.Listen(t.Context(), config, hello, hello); err == nil {
			t.Error("a taken address was bound")
		}
	}
}

// A server that never served can be stopped all the same.
func TestStopBeforeServe(t *testing.T) {
	t.Parallel()
	config := gateway.ServerConfig{Listen: "127.0.0.1:0", OpsListen: "127.0.0.1:0"}
	server := must(gateway.Listen(t.Context(), config, hello, hello))(t)
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	if err := server.Serve(t.Context()); err != nil {
		t.Errorf("serve after stop: %v", err)
	}
}

func TestReadinessIsAllChecks(t *testing.T) {
	t.Parallel()
	good := gateway.Check{Name: "journal", Test: func(context.Context) error { return nil }}
	bad := gateway.Check{Name: "policy", Test: func(context.Context) error { return errors.New("secret detail") }}
	for want, checks := range map[int][]gateway.Check{200: {good}, 503: {good, bad}} {
		recorder := httptest.NewRecorder()
		gateway.Ops(prometheus.NewRegistry(), checks...).ServeHTTP(recorder, httptest.NewRequest("GET", "/readyz", nil))
		if recorder.Code != want {
			t.Errorf("status %d, want %d", recorder.Code, want)
		}
		if want == 503 && recorder.Body.String() != "journal ok\npolicy failed\n" {
			t.Errorf("body %q", recorder.Body)
		}
	}
	recorder := httptest.NewRecorder()
	gateway.Ops(prometheus.NewRegistry(), bad).ServeHTTP(recorder, httptest.NewRequest("GET", "/healthz", nil))
	if recorder.Code != 200 {
		t.Error("a process whose checks fail still lives")
	}
}
