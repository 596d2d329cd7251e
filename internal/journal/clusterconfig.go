package journal

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strconv"
)

// ClusterConfig makes the engine inside this process one node of a cluster. Every node runs the same program with the same
// Name, Routes, User, Password and ledgers, and a store folder of its own. Three nodes keep everything three times: any one
// may be lost.
type ClusterConfig struct {
	// Name of the cluster, the same on each node: lower-case letters, digits and hyphens, at most 32. Required.
	Name string

	// Node is this node's own name: lower-case letters, digits and hyphens, at most 20, for example "a". It names the node's
	// log, so it must not change. Required.
	Node string

	// Listen is where the other nodes reach this one, for example "10.1.2.3:6222". Required.
	Listen string

	// Advertise is the address to tell others, when it is not Listen.
	Advertise string

	// Routes are the addresses of the nodes; its own may be among them. Required.
	Routes []string

	// User and Password are what a node must show to another one. Required, except with TLS that asks for certificates.
	User, Password string

	// TLS protects the routes. For each node's certificate the other nodes need its authority in RootCAs and ClientCAs. nil:
	// only User and Password protect them, and bytes travel as they are stored.
	TLS *tls.Config

	// Replicas is how often everything is kept. 0: 3.
	Replicas int

	// Observer only looks: it keeps nothing, counts in no majority, needs neither Listen nor Config.Dir, and nobody connects to
	// it. It is for reading what a running cluster holds.
	Observer bool
}

// RemoteConfig uses an outside NATS cluster with JetStream instead of an engine in this process. How it syncs cannot be read
// from here: its operators must have set sync_interval to always.
type RemoteConfig struct {
	// URLs of the cluster's nodes, for example "tls://nats-1.example:4222". Required.
	URLs []string

	// Node is this gateway's own name, as in ClusterConfig. Required.
	Node string

	// User and Password log in; or Credentials, the content of a credentials file with a user's JWT and seed.
	User, Password string
	Credentials    []byte

	// TLS is used with tls:// addresses. nil: the system's authorities.
	TLS *tls.Config

	// Replicas is how often everything is kept. 0: 3.
	Replicas int
}

const defaultReplicas = 3

// nodePattern leaves room for "records-" in a log's name.
var nodePattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$`)

func (c ClusterConfig) check() error {
	var problems []error
	want := func(ok bool, text string) {
		if !ok {
			problems = append(problems, errors.New("journal cluster: "+text))
		}
	}
	want(namePattern.MatchString(c.Name), "Name must be 1 to 32 of a-z, 0-9 and inner hyphens")
	want(nodePattern.MatchString(c.Node), "Node must be 1 to 20 of a-z, 0-9 and inner hyphens")
	want(len(c.Routes) > 0, "Routes are required")
	want(c.Password != "" || (c.TLS != nil && c.TLS.ClientAuth == tls.RequireAndVerifyClientCert),
		"a password or TLS with certificates of the nodes is required: nobody else may join")
	want((c.User == "") == (c.Password == ""), "User and Password belong together")
	want(c.Replicas >= 0 && c.Replicas <= 5, "Replicas must be within 1 and 5")
	addresses := c.Routes
	if !c.Observer {
		addresses = append(slices.Clone(addresses), c.Listen)
	}
	for _, address := range addresses {
		_, _, err := splitAddress(address)
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

func (c RemoteConfig) check() error {
	switch {
	case len(c.URLs) == 0:
		return errors.New("journal remote: URLs are required")
	case !nodePattern.MatchString(c.Node):
		return errors.New("journal remote: Node must be 1 to 20 of a-z, 0-9 and inner hyphens")
	case c.Replicas < 0 || c.Replicas > 5:
		return errors.New("journal remote: Replicas must be within 1 and 5")
	}
	return nil
}

func splitAddress(address string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(address)
	if err == nil {
		port, err = strconv.Atoi(text)
	}
	if err != nil || port < 1 || port > 65535 {
		return "", 0, fmt.Errorf("journal cluster: address %q: want host:port", address)
	}
	return host, port, nil
}

// Node returns this node's name in a cluster, "" for a journal of one node.
func (j *Journal) Node() string {
	switch {
	case j.cfg.Cluster != nil:
		return j.cfg.Cluster.Node
	case j.cfg.Remote != nil:
		return j.cfg.Remote.Node
	}
	return ""
}

// shared tells whether other processes use the same journal.
func (c Config) shared() bool { return c.Cluster != nil || c.Remote != nil }

func (c Config) observer() bool { return c.Cluster != nil && c.Cluster.Observer }

func (c Config) replicas() int {
	switch {
	case c.Cluster != nil:
		return orDefault(c.Cluster.Replicas, defaultReplicas)
	case c.Remote != nil:
		return orDefault(c.Remote.Replicas, defaultReplicas)
	}
	return 1
}

// writing is how long an entry is tried; sooner ends the caller's context.
func (c Config) writing() patience {
	if c.shared() {
		return patientShared()
	}
	return patient()
}
