package app_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
)

// withConsole runs a gateway before stand-ins, with a console, and gives the console's address.
func withConsole(t *testing.T) string {
	t.Helper()
	w, err := demo.NewWorld(t.TempDir(), "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	if err := w.AddConsole("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	settings, err := config.Load(w.ConfigPath(), nil)
	if err != nil {
		t.Fatal(err)
	}
	gateway, err := app.Open(t.Context(), settings, slog.New(slog.DiscardHandler), app.Parts{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- gateway.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	if err := demo.AwaitReady(t.Context(), gateway.OpsURL()); err != nil {
		t.Fatal(err)
	}
	return gateway.ConsoleURL()
}

// TestConsole finds every page of a real gateway's console, each with something that only this gateway knows.
func TestConsole(t *testing.T) {
	t.Parallel()
	url := withConsole(t)
	for path, want := range map[string]string{
		"/": "zhengqiao-demo", "/adapters?sort=id": "suihaoban", "/adapters/tmri": "tmri", "/changes": "zheliban", "/changes/platforms/zheliban": "zheliban",
		"/changes/parked": "wechat", "/policies": "cross_province_not_allowed", "/records": "records", "/nodes": "embedded",
	} {
		if status, text := get(t, url+path); status != http.StatusOK || !strings.Contains(text, want) {
			t.Errorf("%s: %d, lacks %s", path, status, want)
		}
	}
	if _, text := get(t, url+"/records"); strings.Contains(text, "<option>policies") {
		t.Error("what keeps policies is offered as a log of records")
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host, request.Close = "console.evil.example", true
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusMisdirectedRequest || strings.Contains(string(text), "tmri") {
		t.Errorf("another host: %d", answer.StatusCode)
	}
}
