package journal

import (
	"errors"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
)

// outsideServer is a NATS server that does not belong to the journal.
func outsideServer(t *testing.T, maxPayload int32) *server.Server {
	t.Helper()
	srv, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: server.RANDOM_PORT, NoSigs: true, JetStream: true,
		StoreDir: t.TempDir(), SyncAlways: true, MaxPayload: maxPayload, Username: "gateway", Password: "secret-of-the-test"})
	if err != nil {
		t.Fatal(err)
	}
	srv.Start()
	t.Cleanup(func() { srv.Shutdown(); srv.WaitForShutdown() })
	if !srv.ReadyForConnections(limit) {
		t.Fatal("the server did not start")
	}
	return srv
}

func remoteConfig(srv *server.Server) Config {
	return Config{Remote: &RemoteConfig{URLs: []string{srv.ClientURL()}, Node: "a", User: "gateway", Password: "secret-of-the-test", Replicas: 1}}
}

// TestJournalOutside does everything once in a server outside, from two processes' worth of connections.
func TestJournalOutside(t *testing.T) {
	t.Parallel()
	srv := outsideServer(t, maxPayload)
	var nodes []*Journal
	for range 2 {
		j, err := Open(testContext(t), remoteConfig(srv), discard())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { shut(t, j) })
		nodes = append(nodes, j)
	}
	log := openLog(t, nodes[0], LogConfig{Name: "records-a"})
	checkAll(t, log, appendAll(t, log, 8, 100))
	first := put(t, openLedger(t, nodes[0], LedgerConfig{Partitions: 1}), "a", "one", 0)
	other := openLedger(t, nodes[1], LedgerConfig{Partitions: 1})
	if _, err := other.Put(testContext(t), "a", nil, 0); !errors.Is(err, ErrConflict) {
		t.Errorf("a second first entry: %v", err)
	}
	finish(t, next(t, openCursor(t, other, CursorConfig{}), first, 1))
	if err := nodes[1].Ready(testContext(t)); err != nil {
		t.Error(err)
	}
	openNonces(t, nodes[0])
	second, err := Open(testContext(t), remoteConfig(srv), discard())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, second) })
	rival := openLog(t, second, LogConfig{Name: "records-a"}) // the same node's name twice is a fault of the installation
	appendAll(t, rival, 1, 1)
	if _, err := log.Append(testContext(t), Record{Data: []byte("x")}); !errors.Is(err, ErrConflict) {
		t.Errorf("append beside another writer: %v", err)
	}
	<-nodes[0].Failed()
}

func TestOutsideWithSmallMessagesIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := Open(testContext(t), remoteConfig(outsideServer(t, 1<<20)), discard()); !errors.Is(err, ErrWeakSettings) {
		t.Errorf("opened with %v", err)
	}
}
