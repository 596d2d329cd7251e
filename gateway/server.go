package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/net/netutil"
)

// ServerConfig is what a [Server] listens with.
type ServerConfig struct {
	Listen    string      // address of the contract, such as 127.0.0.1:8080; port 0: any
	OpsListen string      // address of health and metrics
	TLS       *tls.Config // of the contract's listener; nil: plain HTTP, as behind a front proxy
	Limits    Limits
	Logger    *slog.Logger
}

// Server runs the two listeners. They are bound when [Listen] returns, so a taken port shows at once.
type Server struct {
	api, ops *http.Server
	apiBound net.Listener
	opsBound net.Listener
	drain    time.Duration
	rest     context.CancelFunc // ends the waits for news, which nobody may wait for at a stop
	stopping sync.Once
	stopped  error
}

// Listen binds both addresses. Nothing is served before [Server.Serve].
func Listen(ctx context.Context, config ServerConfig, contract, ops http.Handler) (*Server, error) {
	config.Limits.setDefaults()
	var bind net.ListenConfig
	apiBound, err := bind.Listen(ctx, "tcp", config.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen for requests: %w", err)
	}
	opsBound, err := bind.Listen(ctx, "tcp", config.OpsListen)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen for operators: %w", err), apiBound.Close())
	}
	apiBound = netutil.LimitListener(apiBound, config.Limits.Connections)
	if config.TLS != nil {
		apiBound = tls.NewListener(apiBound, config.TLS)
	}
	s := &Server{
		api: config.server(contract), ops: config.server(ops), apiBound: apiBound, opsBound: opsBound, drain: config.Limits.Drain,
	}
	serving, rest := context.WithCancel(context.WithoutCancel(ctx))
	s.api.ConnContext, s.rest = newConnections(serving), rest
	return s, nil
}

func (c *ServerConfig) server(handler http.Handler) *http.Server {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: c.Limits.HeaderTime, ReadTimeout: c.Limits.ReadTime, WriteTimeout: c.Limits.WriteTime,
		IdleTimeout: c.Limits.IdleTime, MaxHeaderBytes: c.Limits.HeaderBytes, DisableGeneralOptionsHandler: true,
	}
	if c.Logger != nil {
		server.ErrorLog = slog.NewLogLogger(c.Logger.Handler(), slog.LevelWarn)
	}
	return server
}

// Addr gives the contract's bound address.
func (s *Server) Addr() net.Addr { return s.apiBound.Addr() }

// OpsAddr gives the operators' bound address.
func (s *Server) OpsAddr() net.Addr { return s.opsBound.Addr() }

// Serve answers until ctx ends or a listener fails, then stops: no new connections, and requests under way get the drain time
// to finish. The operators' listener goes last, so that the end can be watched.
func (s *Server) Serve(ctx context.Context) error {
	failed := make(chan error, 2)
	go func() { failed <- s.api.Serve(s.apiBound) }()
	go func() { failed <- s.ops.Serve(s.opsBound) }()
	var err error
	left := 2
	select {
	case <-ctx.Done():
	case err = <-failed:
		left--
	}
	err = errors.Join(closedIsFine(err), s.Stop())
	for range left {
		err = errors.Join(err, closedIsFine(<-failed))
	}
	return err
}

func closedIsFine(err error) error {
	if errors.Is(err, http.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Stop stops both listeners and waits for requests under way, up to the drain time; then it cuts them off and says so. It may
// be called more than once, and before [Server.Serve].
func (s *Server) Stop() error {
	s.stopping.Do(func() {
		s.rest()
		ctx, cancel := context.WithTimeout(context.Background(), s.drain)
		defer cancel()
		s.stopped = errors.Join(finish(ctx, s.api, s.apiBound), finish(ctx, s.ops, s.opsBound))
	})
	return s.stopped
}

func finish(ctx context.Context, server *http.Server, bound net.Listener) error {
	err := server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("requests were cut off: %w", err), server.Close())
	}
	return errors.Join(err, closedIsFine(bound.Close()))
}
