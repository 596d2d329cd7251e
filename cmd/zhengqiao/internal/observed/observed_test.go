package observed_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"testing"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/internal/freeport"
	"github.com/zhengqiao/zhengqiao/internal/telemetry/collectortest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestGateway lets a gateway do everything that the tour has and looks at it as operators do.
func TestGateway(t *testing.T) {
	t.Parallel()
	free, err := freeport.On("127.0.0.1", 2)
	if err != nil {
		t.Fatal(err)
	}
	collector, prometheus := collectortest.Start(t), startPrometheus(t, free[1], free[0])
	var world *demo.World
	var out bytes.Buffer
	err = demo.Run(t.Context(), demo.Options{
		Dir: t.TempDir(), Listen: "127.0.0.1:0", OpsListen: free[0], Once: true, Out: &out,
		Environ: []string{"ZHENGQIAO_TELEMETRY_OTLP_ENDPOINT=" + collector.URL, "ZHENGQIAO_TELEMETRY_OTLP_RATIO=1"},
		Walked: func(ctx context.Context, w *demo.World, gateway *app.App) error {
			world = w
			url := gateway.OpsURL() + "/metrics"
			t.Run("metrics", func(t *testing.T) { checkMetrics(t, ctx, url) })
			t.Run("exemplars", func(t *testing.T) { checkExemplars(t, ctx, url) })
			t.Run("bounded", func(t *testing.T) { checkBounds(t, ctx, gateway, w) })
			t.Run("prometheus", func(t *testing.T) { prometheus.check(t, ctx) })
			return nil
		},
	})
	http.DefaultClient.CloseIdleConnections()
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	t.Run("traces", func(t *testing.T) { checkTraces(t, collector, world) })
}

// program gives the path of a program that CI must have; without it the test is skipped elsewhere.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatalf("%v: Debian's package prometheus has it", err)
	}
	if err != nil {
		t.Skipf("%v: Debian's package prometheus has it", err)
	}
	return path
}

// fetch gets a text over a connection of its own.
func fetch(t *testing.T, ctx context.Context, url, accept string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", accept)
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v\n%s", url, response.StatusCode, err, text)
	}
	return string(text)
}
