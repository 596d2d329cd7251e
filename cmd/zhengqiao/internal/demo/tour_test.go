package demo_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
)

func TestTourComesOutAsItShould(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := demo.Run(t.Context(), demo.Options{
		Dir: t.TempDir(), Listen: "127.0.0.1:0", OpsListen: "127.0.0.1:0", Once: true, Out: &out, Logger: slog.New(slog.DiscardHandler),
	})
	http.DefaultClient.CloseIdleConnections()
	if err != nil || !strings.Contains(out.String(), "7 of 7 steps") {
		t.Errorf("%v\n%s", err, out.String())
	}
}
