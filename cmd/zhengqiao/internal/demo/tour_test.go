package demo_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
)

func TestTourComesOutAsItShould(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var out bytes.Buffer
	err := demo.Run(t.Context(), demo.Options{Dir: dir, Listen: "127.0.0.1:0", OpsListen: "127.0.0.1:0", Once: true, Out: &out})
	http.DefaultClient.CloseIdleConnections()
	if err != nil || !strings.Contains(out.String(), "12 of 12 steps") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if strings.Contains(out.String(), `"level":`) {
		t.Errorf("log lines inside the tour:\n%s", out.String())
	}
	if log, err := os.ReadFile(filepath.Join(dir, demo.LogName)); err != nil || !bytes.Contains(log, []byte(`"outcome":"source-down"`)) {
		t.Errorf("the gateway's log lacks the source that was down: %v\n%s", err, log)
	}
}

func TestAPortInUseNamesTheFlag(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	err = demo.Run(t.Context(), demo.Options{Dir: t.TempDir(), Listen: taken.Addr().String(), OpsListen: "127.0.0.1:0", Out: io.Discard})
	if err == nil || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("%v", err)
	}
}
