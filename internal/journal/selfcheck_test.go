package journal

import (
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"
)

func TestEngineThatSyncsLateIsRefused(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		got  *server.JetStreamConfig
		want error
	}{
		"ours":       {&server.JetStreamConfig{SyncAlways: true, StoreDir: "/d"}, nil},
		"syncs late": {&server.JetStreamConfig{StoreDir: "/d"}, ErrWeakSettings},
		"no folder":  {&server.JetStreamConfig{SyncAlways: true}, ErrWeakSettings},
		"no store":   {nil, ErrWeakSettings},
	} {
		if err := checkEngine(row.got); !errors.Is(err, row.want) {
			t.Errorf("%s: %v, want %v", name, err, row.want)
		}
	}
}

func TestRunningEngineSyncsAlwaysAndListensNowhere(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	if got := j.engine.server.JetStreamConfig(); !got.SyncAlways {
		t.Error("the running engine does not sync")
	}
	if addr := j.engine.server.Addr(); addr != nil {
		t.Errorf("the engine listens on %v", addr)
	}
}

// TestWeakStreamIsRefused makes each weaker stream on a real engine before the log is opened.
func TestWeakStreamIsRefused(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	for name, weaken := range map[string]func(*jetstream.StreamConfig){
		"memory":         func(c *jetstream.StreamConfig) { c.Storage = jetstream.MemoryStorage },
		"async":          func(c *jetstream.StreamConfig) { c.PersistMode = jetstream.AsyncPersistMode },
		"drops-oldest":   func(c *jetstream.StreamConfig) { c.Discard = jetstream.DiscardOld },
		"work-queue":     func(c *jetstream.StreamConfig) { c.Retention = jetstream.WorkQueuePolicy },
		"expires":        func(c *jetstream.StreamConfig) { c.MaxAge = time.Hour },
		"few-messages":   func(c *jetstream.StreamConfig) { c.MaxMsgs = 10 },
		"few-of-subject": func(c *jetstream.StreamConfig) { c.MaxMsgsPerSubject = 10 },
		"deletable":      func(c *jetstream.StreamConfig) { c.DenyDelete = false },
		"purgeable":      func(c *jetstream.StreamConfig) { c.DenyPurge = false },
		"no-ack":         func(c *jetstream.StreamConfig) { c.NoAck = true },
		"own-ttl":        func(c *jetstream.StreamConfig) { c.AllowMsgTTL = true },
		"rollup":         func(c *jetstream.StreamConfig) { c.DenyPurge, c.AllowRollup = false, true },
		"republish":      func(c *jetstream.StreamConfig) { c.RePublish = &jetstream.RePublish{Destination: "copy.>"} },
	} {
		cfg := logStreamConfig(LogConfig{Name: name}, 1)
		weaken(&cfg)
		if _, err := j.js.CreateStream(t.Context(), cfg); err != nil {
			t.Errorf("%s: make the stream: %v", name, err)
			continue
		}
		if _, err := j.Log(t.Context(), LogConfig{Name: name}); !errors.Is(err, ErrWeakSettings) {
			t.Errorf("%s: opened with %v", name, err)
		}
	}
}

func TestFewerReplicasAreRefused(t *testing.T) {
	t.Parallel()
	got, want := logStreamConfig(LogConfig{Name: "records"}, 1), logStreamConfig(LogConfig{Name: "records"}, 3)
	if err := checkStream(got, want); !errors.Is(err, ErrWeakSettings) {
		t.Errorf("1 replica instead of 3: %v", err)
	}
}

func TestWeakStateIsRefused(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	if _, err := j.State(t.Context(), StateConfig{Name: "marks", Volatile: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := j.State(t.Context(), StateConfig{Name: "marks"}); !errors.Is(err, ErrWeakSettings) {
		t.Errorf("a volatile state opened as a durable one: %v", err)
	}
}
