package journal

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

const (
	// clientUser is the one user of a clustered engine: this process.
	clientUser = "zhengqiao"

	// sharedMemory also holds the nonces of all nodes.
	sharedMemory = 512 << 20

	// routePing finds a route to a node that is cut off or paused.
	routePing = 2 * time.Second
)

// clusterOptions makes the engine a node of the cluster.
//
// The engine opens its routes only after a port for clients. It gets one on the loopback interface, on a number that the
// system draws, and with a password that is drawn here and never leaves the process.
func clusterOptions(opts *server.Options, cfg Config) error {
	c := cfg.Cluster
	secret := make([]byte, 32)
	if _, err := io.ReadFull(cfg.Random, secret); err != nil {
		return fmt.Errorf("draw a password: %w", err)
	}
	host, port, err := clusterListen(c)
	if err != nil {
		return err
	}
	opts.ServerName = c.Node
	if c.Observer {
		opts.ServerName = "observer-" + hex.EncodeToString(secret[:4])
		opts.JetStream, opts.StoreDir = false, ""
	}
	opts.DontListen, opts.Host, opts.Port = false, "127.0.0.1", server.RANDOM_PORT
	opts.Username, opts.Password = clientUser, hex.EncodeToString(secret)
	opts.JetStreamMaxMemory = sharedMemory
	opts.Cluster = server.ClusterOpts{
		Name: c.Name, Host: host, Port: port, Advertise: c.Advertise, NoAdvertise: true,
		Username: c.User, Password: c.Password, PingInterval: routePing, MaxPingsOut: 2,
	}
	if c.TLS != nil {
		opts.Cluster.TLSConfig, opts.Cluster.TLSTimeout = c.TLS, attemptLimit.Seconds()
	}
	for _, route := range c.Routes {
		opts.Routes = append(opts.Routes, routeURL(c, route))
	}
	return nil
}

// joined returns an error until this node of a cluster knows who leads it and has read what the others know. Before that
// requests get no answer at all.
func (e *engine) joined(context.Context) error {
	if e.server == nil || !e.shared || e.observer {
		return nil
	}
	if h := e.server.Healthz(&server.HealthzOptions{JSMetaOnly: true}); h.Error != "" {
		return fmt.Errorf("journal engine: %s", h.Error)
	}
	return nil
}

// current returns an error while this node of a cluster lacks something that the others have.
func (e *engine) current() error {
	if e.server == nil || !e.shared || e.observer {
		return nil
	}
	if h := e.server.Healthz(&server.HealthzOptions{}); h.Error != "" {
		return fmt.Errorf("journal engine: %s", h.Error)
	}
	return nil
}

// clusterListen is where other nodes connect to this one; to an observer nobody does.
func clusterListen(c *ClusterConfig) (host string, port int, err error) {
	if c.Observer {
		return "127.0.0.1", server.RANDOM_PORT, nil
	}
	return splitAddress(c.Listen)
}

func routeURL(c *ClusterConfig, address string) *url.URL {
	u := &url.URL{Scheme: "nats-route", Host: address}
	if c.TLS != nil {
		u.Scheme = "tls"
	}
	if c.Password != "" {
		u.User = url.UserPassword(c.User, c.Password)
	}
	return u
}

// connectRemote uses an outside cluster. It waits for it as long as it takes: the nodes may start later than we do.
func connectRemote(cfg Config, fail func(error)) (*engine, error) {
	r := cfg.Remote
	opts := append(connectOptions(fail), nats.RetryOnFailedConnect(true))
	if r.Password != "" {
		opts = append(opts, nats.UserInfo(r.User, r.Password))
	}
	if len(r.Credentials) > 0 {
		opts = append(opts, nats.UserCredentialBytes(r.Credentials))
	}
	if r.TLS != nil {
		opts = append(opts, nats.Secure(r.TLS))
	}
	conn, err := nats.Connect(strings.Join(r.URLs, ","), opts...)
	if err != nil {
		return nil, fmt.Errorf("connect to the journal's cluster: %w", err)
	}
	return &engine{conn: conn, shared: true}, nil
}
