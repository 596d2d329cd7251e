package console

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/net/netutil"
)

// Server is the console's own listener.
type Server struct {
	console *Console
	bound   net.Listener
	http    *http.Server
}

// Bounds of the listener.
const (
	mostConnections = 256
	headerTime      = 5 * time.Second
	readTime        = 15 * time.Second
	writeTime       = 30 * time.Second // a stream sets its own
	idleTime        = 2 * time.Minute
	stopTime        = 3 * time.Second
	headerBytes     = 16 << 10
)

// Listen binds the address, so that a taken port shows at once. secure nil: plain HTTP. Nothing is served before [Server.Run].
func Listen(ctx context.Context, address string, secure *tls.Config, c *Console, logger *slog.Logger) (*Server, error) {
	var bind net.ListenConfig
	bound, err := bind.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for the console: %w", err)
	}
	bound = netutil.LimitListener(bound, mostConnections)
	if secure != nil {
		secure = secure.Clone()
		secure.NextProtos = []string{"h2", "http/1.1"} // by HTTP/1.1 a browser's streams would take its few connections
		bound = tls.NewListener(bound, secure)
	}
	return &Server{console: c, bound: bound, http: &http.Server{
		Handler: c, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		MaxHeaderBytes: headerBytes, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}}, nil
}

// Addr gives the bound address.
func (s *Server) Addr() net.Addr { return s.bound.Addr() }

// Run serves until ctx ends or the listener fails. Streams end first, then requests under way get a moment.
func (s *Server) Run(ctx context.Context) error {
	looking, stop := context.WithCancel(ctx)
	defer stop()
	looked, failed := make(chan error, 1), make(chan error, 1)
	go func() { looked <- s.console.Run(looking) }()
	go func() { failed <- s.http.Serve(s.bound) }()
	var err error
	select {
	case <-ctx.Done():
		stop()
		<-looked
		err = s.Close()
		<-failed
	case err = <-failed:
		stop()
		<-looked
	}
	if errors.Is(err, http.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Close stops a server, also one that never ran.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	if err := s.http.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("console: requests were cut off: %w", err), s.http.Close())
	}
	if err := s.bound.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("close the console's listener: %w", err)
	}
	return nil
}
