package journal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/zhengqiao/zhengqiao/internal/freeport"
)

// freeAddresses gives loopback addresses that were free a moment ago.
func freeAddresses(t testing.TB, n int) []string {
	t.Helper()
	addresses, err := freeport.On("127.0.0.1", n)
	if err != nil {
		t.Fatal(err)
	}
	return addresses
}

var clusterNodes = []string{"a", "b", "c"}

func clusterConfig(dir string, node int, addresses []string) Config {
	return Config{Dir: dir, Cluster: &ClusterConfig{Name: "test", Node: clusterNodes[node], Listen: addresses[node], Routes: addresses,
		User: "node", Password: "secret-of-the-test"}}
}

// openCluster opens three nodes in this process.
func openCluster(t testing.TB) []*Journal {
	t.Helper()
	addresses := freeAddresses(t, 3)
	nodes := make([]*Journal, 3)
	var all errgroup.Group
	for i := range nodes {
		dir := t.TempDir()
		all.Go(func() (err error) {
			ctx, cancel := context.WithTimeout(t.Context(), 2*limit)
			defer cancel()
			nodes[i], err = Open(ctx, clusterConfig(dir, i, addresses), discard())
			return err
		})
	}
	err := all.Wait()
	t.Cleanup(func() {
		var all errgroup.Group
		for _, j := range nodes {
			if j != nil {
				all.Go(func() error { shut(t, j); return nil })
			}
		}
		_ = all.Wait()
	})
	if err != nil {
		t.Fatal(err)
	}
	return nodes
}

// TestClusterIsOneJournal writes on each node and reads on the others.
func TestClusterIsOneJournal(t *testing.T) {
	t.Parallel()
	start := time.Now()
	nodes := openCluster(t)
	t.Logf("three nodes after %s", time.Since(start))
	ledgers := make([]*Ledger, len(nodes))
	var all errgroup.Group
	for i, j := range nodes { // all at once, as after a start of the whole cluster
		all.Go(func() (err error) {
			ledgers[i], err = j.Ledger(testContext(t), LedgerConfig{Name: "licences", Partitions: 2})
			return err
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	t.Logf("ledger after %s", time.Since(start))
	var last Revision
	for round := range 10 {
		for i, l := range ledgers {
			if e, err := l.Last(testContext(t), "a"); round+i > 0 && (err != nil || e.Revision != last) {
				t.Fatalf("node %d reads %d, %v; want %d", i, e.Revision, err, last)
			}
			last = put(t, l, "a", fmt.Sprint(round), last)
		}
	}
	p := ledgers[0].Partition("a")
	for i := range 30 { // the nodes take turns with one cursor
		c := openCursor(t, ledgers[i%3], CursorConfig{Partition: p, AckWait: 2 * sharedLease})
		d, err := c.Next(testContext(t))
		if err != nil || string(d.Data) != fmt.Sprint(i/3) {
			t.Fatalf("entry %d: %+v, %v", i, d, err)
		}
		finish(t, d)
	}
	t.Logf("cursor after %s", time.Since(start))
	for i, j := range nodes {
		n, err := j.Nonces(testContext(t), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		if fresh, err := n.Mark(testContext(t), "key", "nonce", time.Now().Add(time.Minute)); err != nil || fresh != (i == 0) {
			t.Errorf("node %d: fresh %v, %v", i, fresh, err)
		}
		name := "records-" + j.Node()
		log := openLog(t, j, LogConfig{Name: name})
		want := appendAll(t, log, 4, 40)
		checkAll(t, log, want)
		if err := j.Ready(testContext(t)); err != nil {
			t.Error(err)
		}
		s := openState(t, j, StateConfig{Name: "marks"})
		v, err := s.Get(testContext(t), "m")
		if i > 0 && (err != nil || string(v.Data) != fmt.Sprint(i-1)) {
			t.Errorf("node %d reads %q, %v", i, v.Data, err)
		}
		if _, err := s.Put(testContext(t), "m", fmt.Append(nil, i), v.Revision); err != nil {
			t.Error(err)
		}
	}
	t.Logf("all after %s", time.Since(start))
}

// TestObserverReadsARunningCluster looks from outside: it reads what a node has written, and keeps nothing itself.
func TestObserverReadsARunningCluster(t *testing.T) {
	t.Parallel()
	nodes := openCluster(t)
	want := appendAll(t, openLog(t, nodes[0], LogConfig{Name: "records-a"}), 4, 100)
	cfg := *nodes[1].cfg.Cluster
	cfg.Observer, cfg.Listen = true, ""
	j, err := Open(testContext(t), Config{Cluster: &cfg}, discard())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, j) })
	if names, err := j.Logs(testContext(t)); err != nil || len(names) != 1 || names[0] != "records-a" {
		t.Errorf("logs %v, %v", names, err)
	}
	seen := 0
	err = j.ReadLog(testContext(t), "records-a", 0, func(p Position, r Record) error {
		if seen++; want[p.Index] != string(r.Data) || p.Log != "records-a" {
			t.Errorf("record %+v: %q", p, r.Data)
		}
		return nil
	})
	if err != nil || seen != len(want) {
		t.Errorf("%d of %d records, %v", seen, len(want), err)
	}
	if _, err := j.LogReader(testContext(t), "records-b"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a log that is not there: %v", err)
	}
}

// TestStrangersStayOutside tries to join with another password.
func TestStrangersStayOutside(t *testing.T) {
	t.Parallel()
	nodes := openCluster(t)
	appendAll(t, openLog(t, nodes[0], LogConfig{Name: "records-a"}), 1, 1)
	cfg := *nodes[1].cfg.Cluster
	cfg.Observer, cfg.Password = true, "guessed"
	j, err := Open(testContext(t), Config{Cluster: &cfg}, discard())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, j) })
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	if names, err := j.Logs(ctx); err == nil {
		t.Errorf("a stranger sees %v", names)
	}
}

func TestClusterConfigIsChecked(t *testing.T) {
	t.Parallel()
	good := func() Config {
		return clusterConfig(t.TempDir(), 0, []string{"127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"})
	}
	if _, err := good().withDefaults(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Config){
		"no name":      func(c *Config) { c.Cluster.Name = "" },
		"no node":      func(c *Config) { c.Cluster.Node = "" },
		"long node":    func(c *Config) { c.Cluster.Node = strings.Repeat("a", 21) },
		"no routes":    func(c *Config) { c.Cluster.Routes = nil },
		"no port":      func(c *Config) { c.Cluster.Listen = "127.0.0.1" },
		"bad route":    func(c *Config) { c.Cluster.Routes[1] = "127.0.0.1:x" },
		"open to all":  func(c *Config) { c.Cluster.User, c.Cluster.Password = "", "" },
		"half a login": func(c *Config) { c.Cluster.User = "" },
		"no folder":    func(c *Config) { c.Dir = "" },
		"and remote":   func(c *Config) { c.Remote = &RemoteConfig{URLs: []string{"nats://127.0.0.1:1"}, Node: "a"} },
		"remote without a node": func(c *Config) {
			*c = Config{Remote: &RemoteConfig{URLs: []string{"nats://127.0.0.1:1"}}}
		},
		"remote without an address": func(c *Config) { *c = Config{Remote: &RemoteConfig{Node: "a"}} },
	} {
		c := good()
		spoil(&c)
		if _, err := c.withDefaults(); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
