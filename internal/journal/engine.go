package journal

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

const (
	// maxPayload leaves room above one full batch (1 MiB) for headers. The engine warns above 8 MiB.
	maxPayload = 2 << 20

	// maxMemory bounds the volatile states; logs use the disk only.
	maxMemory = 64 << 20

	// startLimit is how long an engine may take to come up after its store was recovered.
	startLimit = 10 * time.Second

	reconnectWait = 50 * time.Millisecond
)

// engine is the NATS server inside this process, if there is one, and the one connection to it or to an outside cluster.
type engine struct {
	server *server.Server // nil: outside
	conn   *nats.Conn
	shared bool // with other nodes: trouble of one of them passes

	observer bool // the server has no store of its own
	lines    *engineLogger
}

// startEngine recovers the store in cfg.Dir and connects to it. fail is called when the engine dies on its own.
func startEngine(cfg Config, logger *slog.Logger, fail func(error)) (*engine, error) {
	if cfg.Remote != nil {
		return connectRemote(cfg, fail)
	}
	opts := engineOptions(cfg)
	if cfg.Cluster != nil {
		if err := clusterOptions(opts, cfg); err != nil {
			return nil, err
		}
		if !hasten() {
			logger.Warn("the engine's election times are not the ones known: after the loss of a node it may take longer to go on")
		}
	}
	srv, err := server.NewServer(opts)
	if err != nil {
		return nil, fmt.Errorf("prepare journal engine: %w", err)
	}
	var fatal fatalOnce
	lines := &engineLogger{logger: logger, fatal: fatal.set}
	srv.SetLoggerV2(lines, false, false, false)
	srv.Start()
	e := &engine{server: srv, shared: cfg.shared(), observer: cfg.observer(), lines: lines}
	if err := e.connect(opts, &fatal, fail); err != nil {
		e.stop()
		return nil, err
	}
	fatal.forward(fail)
	return e, nil
}

func engineOptions(cfg Config) *server.Options {
	return &server.Options{
		ServerName:             "zhengqiao-journal",
		DontListen:             true, // no port: only this process talks to it
		NoSigs:                 true, // signals belong to main
		JetStream:              true,
		StoreDir:               cfg.Dir,
		SyncAlways:             true,
		JetStreamMaxStore:      cfg.MaxBytes,
		JetStreamMaxMemory:     maxMemory,
		MaxPayload:             maxPayload,
		DisableJetStreamBanner: true,
	}
}

func (e *engine) connect(opts *server.Options, fatal *fatalOnce, fail func(error)) error {
	if err := fatal.get(); err != nil { // Start gave up; waiting for it would only cost startLimit
		return fmt.Errorf("journal engine did not start: %w", err)
	}
	if !e.server.ReadyForConnections(startLimit) || (!e.observer && !e.server.JetStreamEnabled()) {
		return errors.New("journal engine did not start in time")
	}
	conn, err := nats.Connect("", append(connectOptions(fail), nats.InProcessServer(e.server),
		nats.UserInfo(opts.Username, opts.Password))...)
	if err != nil {
		return fmt.Errorf("connect to journal engine: %w", err)
	}
	e.conn = conn
	return nil
}

func connectOptions(fail func(error)) []nats.Option {
	return []nats.Option{
		nats.Name("zhengqiao-journal"), nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait),
		nats.ClosedHandler(func(c *nats.Conn) {
			fail(errors.Join(errors.New("journal engine connection closed"), c.LastError()))
		}),
	}
}

// health returns why the engine would not keep a write now, or nil. Of a cluster it says only what cannot pass: that this
// node's own store has stopped, or the connection has ended.
func (e *engine) health() error {
	switch {
	case e.conn.IsClosed():
		return errors.New("journal engine connection is closed")
	case e.server == nil:
		return nil
	case !e.observer && !e.server.JetStreamEnabled():
		return errors.New("journal engine has stopped its store")
	case e.shared:
		return nil
	}
	if h := e.server.Healthz(&server.HealthzOptions{}); h.Error != "" {
		return fmt.Errorf("journal engine is unhealthy: %s", h.Error)
	}
	return nil
}

// stop closes the connection before the server, so that nothing new arrives while the store closes.
func (e *engine) stop() {
	if e.conn != nil {
		e.conn.Close()
	}
	if e.server == nil {
		return
	}
	e.lines.stopping.Store(true)
	e.server.Shutdown()
	e.server.WaitForShutdown()
}
