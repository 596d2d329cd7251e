package app_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies/publish/rehearsal"
)

// TestMain lets the links of toxiproxy be, which end a little after their proxy.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == rehearsal.Argument { // a gateway under test tries policies out
		os.Exit(rehearsal.Child(os.Stdin, os.Stdout, smcrypto.NewSM3))
	}
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/Shopify/toxiproxy/v2/toxics.(*LatencyToxic).Pipe"),
		goleak.IgnoreAnyFunction("github.com/Shopify/toxiproxy/v2/stream.(*ChanReader).Read"))
}

// world gives the configuration of a gateway before stand-ins.
func world(t *testing.T) *config.Config {
	t.Helper()
	w, err := demo.NewWorld(t.TempDir(), "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	settings, err := config.Load(w.ConfigPath(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return settings
}

// get gives status and text of an address, over a connection of its own.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// TestReadinessFailsBeforeTheIntakeCloses asks for a stop and finds the node unready but still answering, until the delay is over.
func TestReadinessFailsBeforeTheIntakeCloses(t *testing.T) {
	t.Parallel()
	draining, log := make(chan struct{}), &signalled{text: "draining"}
	log.seen = draining
	gateway, err := app.Open(t.Context(), world(t), slog.New(slog.NewTextHandler(log, nil)), app.Parts{})
	if err != nil {
		t.Fatal(err)
	}
	over, ended := make(chan time.Time), make(chan error, 1)
	gateway.DelayUntil(over)
	ctx, stop := context.WithCancel(context.Background())
	go func() { ended <- gateway.Run(ctx) }()
	if err := demo.AwaitReady(t.Context(), gateway.OpsURL()); err != nil {
		t.Fatal(err)
	}
	stop()
	<-draining
	if status, text := get(t, gateway.OpsURL()+"/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(text, "intake failed") {
		t.Errorf("readiness while draining: %d %s", status, text)
	}
	if status, _ := get(t, gateway.URL()+"/openapi.yaml"); status != http.StatusOK {
		t.Errorf("a request during the delay: %d", status)
	}
	close(over)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	http.DefaultClient.CloseIdleConnections()
}

// signalled closes seen when a line with text was logged.
type signalled struct {
	text string
	seen chan struct{}
}

func (s *signalled) Write(line []byte) (int, error) {
	if strings.Contains(string(line), s.text) && s.seen != nil {
		close(s.seen)
		s.seen = nil
	}
	return len(line), nil
}
