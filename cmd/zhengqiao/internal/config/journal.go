package config

import (
	"net"
	"regexp"
	"strconv"
	"strings"
)

// Journal is the durable log's place.
type Journal struct {
	// Dir is its folder on a local disk. Required, except with remote.
	Dir string `yaml:"dir" env:"DIR"`
	// MaxBytes bounds it on disk; 0: what the disk has.
	MaxBytes int64 `yaml:"maxBytes" env:"MAX_BYTES"`
	// Backup is the folder that a running gateway copies its journal into when an operator says so, best on another disk. Default: none.
	Backup string `yaml:"backup" env:"BACKUP"`
	// Cluster makes this gateway one node of a cluster.
	Cluster JournalCluster `yaml:"cluster" envPrefix:"CLUSTER_"`
	// Remote keeps the journal in an outside NATS cluster.
	Remote JournalRemote `yaml:"remote" envPrefix:"REMOTE_"`
}

// JournalCluster is a cluster of gateways that keep everything several times; its zero value is none.
type JournalCluster struct {
	// Name of the cluster, the same on each node: 1 to 32 of a-z, 0-9 and inner hyphens. It turns the cluster on.
	Name string `yaml:"name" env:"NAME"`
	// Node is this node's own name, 1 to 20 of a-z, 0-9 and inner hyphens. It names its log and must not change. Required.
	Node string `yaml:"node" env:"NODE"`
	// Listen is where other nodes reach this one, host:port. Required.
	Listen string `yaml:"listen" env:"LISTEN"`
	// Advertise is the address to tell others, when it is not Listen.
	Advertise string `yaml:"advertise" env:"ADVERTISE"`
	// Routes are the addresses of all nodes. Required.
	Routes []string `yaml:"routes" env:"ROUTES"`
	// User and Password (file:PATH) are what nodes show to one another. Required without tls.
	User     string `yaml:"user" env:"USER"`
	Password string `yaml:"password" env:"PASSWORD"`
	// TLS protects what travels between the nodes; each needs a certificate.
	TLS JournalTLS `yaml:"tls" envPrefix:"TLS_"`
	// Replicas is how often everything is kept. Default 3.
	Replicas int `yaml:"replicas" env:"REPLICAS"`
}

// JournalRemote is a NATS cluster with JetStream that others run; its zero value is none.
type JournalRemote struct {
	// Node is this gateway's own name, as in a cluster. Required.
	Node string `yaml:"node" env:"NODE"`
	// URLs of its servers, such as tls://nats-1.example:4222. They turn it on.
	URLs []string `yaml:"urls" env:"URLS"`
	// User and Password (file:PATH) log in; or Credentials (file:PATH), a credentials file.
	User        string `yaml:"user" env:"USER"`
	Password    string `yaml:"password" env:"PASSWORD"`
	Credentials string `yaml:"credentials" env:"CREDENTIALS"`
	// TLS is for servers whose certificate the system does not know, or that ask for one.
	TLS JournalTLS `yaml:"tls" envPrefix:"TLS_"`
	// Replicas is how often everything is kept. Default 3.
	Replicas int `yaml:"replicas" env:"REPLICAS"`
}

// JournalTLS are PEM files: this side's certificate and key, and the authority of the other sides'.
type JournalTLS struct {
	Certificate string `yaml:"certificate" env:"CERTIFICATE"`
	Key         string `yaml:"key" env:"KEY"`
	CA          string `yaml:"ca" env:"CA"`
}

// Clustered tells whether this gateway is a node of a cluster.
func (j *Journal) Clustered() bool { return j.Cluster.Name != "" }

// Outside tells whether the journal is in an outside cluster.
func (j *Journal) Outside() bool { return len(j.Remote.URLs) > 0 }

// Node gives this gateway's name among those that share the journal, "" when it has one alone.
func (j *Journal) Node() string {
	if j.Clustered() {
		return j.Cluster.Node
	}
	if j.Outside() {
		return j.Remote.Node
	}
	return ""
}

var (
	clusterName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$`)
	nodeName    = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$`)
)

const mostReplicas = 5

func (c *Config) checkJournal(f *faults) {
	j := &c.Journal
	f.add(j.Dir != "" || j.Outside(), "$.journal", "dir is required")
	f.add(j.Dir == "" || !j.Outside(), "$.journal.remote", "excludes dir: the journal is in one place")
	f.add(j.Backup == "" || j.Backup != j.Dir, "$.journal.backup", "is the journal's own folder")
	f.add(!j.Clustered() || !j.Outside(), "$.journal", "cluster and remote exclude one another")
	j.Cluster.check(f)
	j.Remote.check(f)
}

func (j *JournalCluster) check(f *faults) {
	const at = "$.journal.cluster"
	if j.Name == "" {
		f.add(j.Node == "" && j.Listen == "" && len(j.Routes) == 0, at, "name is required")
		return
	}
	f.add(clusterName.MatchString(j.Name), at+".name", "want 1 to 32 of a-z, 0-9 and inner hyphens")
	f.add(nodeName.MatchString(j.Node), at+".node", "want 1 to 20 of a-z, 0-9 and inner hyphens")
	f.add(isAddress(j.Listen), at+".listen", "want host:port")
	f.add(j.Advertise == "" || isAddress(j.Advertise), at+".advertise", "want host:port")
	f.add(len(j.Routes) > 0, at+".routes", "are required: the addresses of all nodes")
	for _, route := range j.Routes {
		f.add(isAddress(route), at+".routes", "%q: want host:port", route)
	}
	f.add((j.User == "") == (j.Password == ""), at, "user and password go together")
	f.add(j.Password != "" || j.TLS.Certificate != "", at, "user and password, or tls, are required: nobody else may join")
	f.add(j.TLS == JournalTLS{} || j.TLS.Certificate != "" && j.TLS.Key != "" && j.TLS.CA != "", at+".tls", "certificate, key and ca go together")
	f.add(j.Replicas >= 0 && j.Replicas <= mostReplicas, at+".replicas", "want 1 to %d", mostReplicas)
}

func (j *JournalRemote) check(f *faults) {
	const at = "$.journal.remote"
	if len(j.URLs) == 0 {
		f.add(j.Node == "", at, "urls are required")
		return
	}
	f.add(nodeName.MatchString(j.Node), at+".node", "want 1 to 20 of a-z, 0-9 and inner hyphens")
	for _, u := range j.URLs {
		f.add(strings.HasPrefix(u, "nats://") || strings.HasPrefix(u, "tls://"), at+".urls", "%q: want nats:// or tls://", u)
	}
	f.add((j.User == "") == (j.Password == ""), at, "user and password go together")
	f.add(j.Password == "" || j.Credentials == "", at, "password and credentials exclude one another")
	f.add((j.TLS.Certificate == "") == (j.TLS.Key == ""), at+".tls", "certificate and key go together")
	f.add(j.Replicas >= 0 && j.Replicas <= mostReplicas, at+".replicas", "want 1 to %d", mostReplicas)
}

func isAddress(address string) bool {
	_, text, err := net.SplitHostPort(address)
	port, bad := strconv.ParseUint(text, 10, 16)
	return err == nil && bad == nil && port > 0
}

// paths are the journal's plain paths.
func (j *Journal) paths() []*string {
	return []*string{&j.Dir, &j.Backup, &j.Cluster.TLS.Certificate, &j.Cluster.TLS.Key, &j.Cluster.TLS.CA,
		&j.Remote.TLS.Certificate, &j.Remote.TLS.Key, &j.Remote.TLS.CA}
}
