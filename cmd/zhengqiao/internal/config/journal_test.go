package config_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
)

const (
	oneNode = "journal: {dir: journal}"
	cluster = `journal: {dir: journal, cluster: {name: sh, node: a, listen: "127.0.0.1:6222", routes: ["127.0.0.1:6222", "127.0.0.1:6223"], user: node, password: "file:p", tls: {certificate: c.pem, key: c.key, ca: ca.pem}}}`
	outside = `journal: {remote: {node: a, urls: ["tls://nats.example:4222"], credentials: "file:c"}}`
)

func TestJournalOfSeveral(t *testing.T) {
	t.Parallel()
	for journal, node := range map[string]string{oneNode: "", cluster: "a", outside: "a"} {
		path := write(t, strings.Replace(good, oneNode, journal, 1))
		c, err := config.Load(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.Journal.Node() != node || c.Journal.Clustered() != (journal == cluster) || c.Journal.Outside() != (journal == outside) {
			t.Errorf("%s: node %q", journal, c.Journal.Node())
		}
		if want := filepath.Join(filepath.Dir(path), "ca.pem"); journal == cluster && c.Journal.Cluster.TLS.CA != want {
			t.Errorf("authority in %s, want %s", c.Journal.Cluster.TLS.CA, want)
		}
	}
}

func TestJournalFaults(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ from, old, new, want string }{
		"no place":             {oneNode, "dir: journal", "maxBytes: 0", "dir is required"},
		"two places":           {outside, "{remote", "{dir: journal, remote", "excludes dir"},
		"cluster and outside":  {cluster, "cluster:", `remote: {node: a, urls: ["nats://x:1"]}, cluster:`, "exclude one another"},
		"cluster, no name":     {cluster, "name: sh, ", "", "name is required"},
		"cluster, bad node":    {cluster, "node: a", "node: A", "want 1 to 20"},
		"cluster, no listen":   {cluster, `listen: "127.0.0.1:6222", `, "", "cluster.listen: want host:port"},
		"cluster, no routes":   {cluster, `routes: ["127.0.0.1:6222", "127.0.0.1:6223"], `, "", "addresses of all nodes"},
		"cluster, bad route":   {cluster, "127.0.0.1:6223", "127.0.0.1", `"127.0.0.1": want host:port`},
		"cluster, half login":  {cluster, "user: node, ", "", "go together"},
		"cluster, open":        {cluster, `, user: node, password: "file:p", tls: {certificate: c.pem, key: c.key, ca: ca.pem}`, "", "nobody else may join"},
		"cluster, half TLS":    {cluster, ", ca: ca.pem", "", "certificate, key and ca go together"},
		"cluster, replicas":    {cluster, "name: sh", "name: sh, replicas: 6", "want 1 to 5"},
		"outside, no address":  {outside, `, urls: ["tls://nats.example:4222"]`, "", "urls are required"},
		"outside, bad address": {outside, "tls://", "http://", "want nats:// or tls://"},
		"outside, no node":     {outside, "node: a, ", "", "want 1 to 20"},
		"outside, two logins":  {outside, "credentials:", `user: u, password: "file:p", credentials:`, "exclude one another"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := strings.Replace(row.from, row.old, row.new, 1)
			if changed == row.from {
				t.Fatalf("no %q in %s", row.old, row.from)
			}
			_, err := config.Load(write(t, strings.Replace(good, oneNode, changed, 1)), nil)
			if err == nil || !strings.Contains(err.Error(), row.want) || !strings.Contains(err.Error(), "line 3") {
				t.Errorf("got %v, want line 3 and %s", err, row.want)
			}
		})
	}
}
