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

// engine is the NATS server inside this process and the one connection to it.
type engine struct {
	server *server.Server
	conn   *nats.Conn
}

// startEngine recovers the store in cfg.Dir and connects to it. fail is called when the engine dies on its own.
func startEngine(cfg Config, logger *slog.Logger, fail func(error)) (*engine, error) {
	srv, err := server.NewServer(engineOptions(cfg))
	if err != nil {
		return nil, fmt.Errorf("prepare journal engine: %w", err)
	}
	var fatal fatalOnce
	srv.SetLoggerV2(&engineLogger{logger: logger, fatal: fatal.set}, false, false, false)
	srv.Start()
	e := &engine{server: srv}
	if err := e.connect(&fatal, fail); err != nil {
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

func (e *engine) connect(fatal *fatalOnce, fail func(error)) error {
	if err := fatal.get(); err != nil { // Start gave up; waiting for it would only cost startLimit
		return fmt.Errorf("journal engine did not start: %w", err)
	}
	if !e.server.ReadyForConnections(startLimit) || !e.server.JetStreamEnabled() {
		return errors.New("journal engine did not start in time")
	}
	conn, err := nats.Connect("", nats.InProcessServer(e.server), nats.Name("zhengqiao-journal"),
		nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait),
		nats.ClosedHandler(func(c *nats.Conn) {
			fail(errors.Join(errors.New("journal engine connection closed"), c.LastError()))
		}))
	if err != nil {
		return fmt.Errorf("connect to journal engine: %w", err)
	}
	e.conn = conn
	return nil
}

// health returns why the engine would not keep a write now, or nil.
func (e *engine) health() error {
	if !e.server.JetStreamEnabled() {
		return errors.New("journal engine has stopped its store")
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
	e.server.Shutdown()
	e.server.WaitForShutdown()
}
