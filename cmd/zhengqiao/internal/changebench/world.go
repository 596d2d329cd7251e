package changebench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
)

// world is a folder with a gateway's journal, and platforms that are told by webhook.
type world struct {
	demo   *demo.World
	dir    string
	base   string // the demo's configuration
	inbox  *inbox
	server *http.Server
	url    string
}

func newWorld(dir string) (*world, error) {
	w := &world{dir: dir, inbox: newInbox()}
	var err error
	if w.demo, err = demo.NewWorld(dir, "127.0.0.1:0", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, w.demo.Close())
	}
	w.url, w.server = "http://"+listener.Addr().String(), &http.Server{Handler: w.inbox, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = w.server.Serve(listener) }() // it ends with ErrServerClosed, on close
	text, err := os.ReadFile(w.demo.ConfigPath())
	w.base = string(text)
	return w, err
}

func (w *world) close() error { return errors.Join(w.server.Close(), w.demo.Close()) }

// regions of the platforms that are told, as the policies have them.
func regions() map[string]string {
	return map[string]string{
		"zheliban": "330000", "suihaoban": "440000", "wechat-city": "000000", "thirdparty-mini": "000000", "jiaoguan12123": "000000",
	}
}

// run runs a gateway that tells these platforms, while use does its work.
func (w *world) run(ctx context.Context, platforms []string, use func(context.Context, *app.App) error) error {
	gateway, err := w.open(ctx, platforms)
	if err != nil {
		return err
	}
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- gateway.Run(serving) }()
	err = use(ctx, gateway)
	stop()
	return errors.Join(err, <-ended)
}

func (w *world) open(ctx context.Context, platforms []string) (*app.App, error) {
	section := strings.Builder{}
	for _, platform := range platforms {
		fmt.Fprintf(&section, "  - {id: %s, kind: webhook, region: %q, settings: {url: '%s/%s', key: file:keys/gateway.key.pem, http: {allow: [127.0.0.0/8]}}}\n",
			platform, regions()[platform], w.url, platform)
	}
	text, err := demo.WithReceivers(w.base, section.String())
	if err != nil {
		return nil, err
	}
	path := filepath.Join(w.dir, "changebench.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return nil, err
	}
	settings, err := config.Load(path, nil)
	if err != nil {
		return nil, err
	}
	return app.Open(ctx, settings, slog.New(slog.NewTextHandler(io.Discard, nil)), app.Parts{})
}
