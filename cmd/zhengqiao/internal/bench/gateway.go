package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/gateway/yardstick"
)

// Gateway is the child process that is measured.
type Gateway struct {
	Mode    Mode
	Dir     string    // that the source prepared
	Source  string    // its URL, for the proxy
	Profile string    // file for a CPU profile of what is measured; empty: none
	In      io.Reader // words of the parent; ends when the process shall end
	Out     io.Writer // answers
}

// Run serves in the given mode until In ends.
func (g Gateway) Run(ctx context.Context) error {
	if g.Mode == Proxy {
		return g.proxy()
	}
	logs, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer logs.Close()
	gateway, err := g.open(ctx, slog.New(slog.NewJSONHandler(logs, nil)))
	if err != nil {
		return err
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- gateway.Run(serving) }()
	err = attend(g.In, g.Out, hello{URL: gateway.URL(), OpsURL: gateway.OpsURL()}, g.Profile)
	stop()
	return errors.Join(err, <-served)
}

// open assembles the gateway with a log event for each request, as serve does by default, and a journal of its own. The limit of
// a decision is wide, so that a machine with other work to do gives high figures rather than refusals.
func (g Gateway) open(ctx context.Context, logger *slog.Logger) (*app.App, error) {
	parts, err := g.Mode.parts()
	if err != nil {
		return nil, err
	}
	settings, err := config.Load(filepath.Join(g.Dir, "zhengqiao.yaml"), []string{
		"ZHENGQIAO_LISTEN=" + anyPort, "ZHENGQIAO_OPS_LISTEN=" + anyPort, "ZHENGQIAO_LOG_LEVEL=info",
		"ZHENGQIAO_JOURNAL_DIR=journal-" + string(g.Mode), "ZHENGQIAO_LIMITS_DECISION=2s",
		"ZHENGQIAO_LIMITS_QUOTA_QUERIES_PER_SECOND=100000", "ZHENGQIAO_LIMITS_QUOTA_QUERIES_BURST=100000", // counted, and never in the way
	})
	if err != nil {
		return nil, err
	}
	return app.Open(ctx, settings, logger, parts)
}

// keptConnections to the source are the proxy's; an adapter keeps as many by default.
const keptConnections = 64

// proxy serves Echo's reverse proxy instead of a gateway.
func (g Gateway) proxy() error {
	target, err := url.Parse(g.Source)
	if err != nil {
		return fmt.Errorf("the source's address: %w", err)
	}
	listener, err := net.Listen("tcp", anyPort)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: yardstick.New(target, keptConnections), ReadHeaderTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	err = attend(g.In, g.Out, hello{URL: "http://" + listener.Addr().String()}, g.Profile)
	err = errors.Join(err, server.Close())
	if failed := <-served; !errors.Is(failed, http.ErrServerClosed) {
		err = errors.Join(err, failed)
	}
	return err
}
