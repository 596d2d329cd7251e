package app_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/pgtest"
)

// frontPlatform is one that the policies know and the demo tells nothing.
const frontPlatform = "jiaoguan12123"

// holder is the example of GB 11643 and belongs to nobody.
const holder = "11010519491231002X"

// front is a gateway with a front-end database on a real PostgreSQL, the other side of which the test plays.
type front struct {
	t        *testing.T
	settings *config.Config
	schema   string
	admin    *pgx.Conn
	gateway  *app.App
	stop     func()
}

func newFront(t *testing.T) *front {
	t.Helper()
	server := &pgtest.Server{}
	t.Cleanup(server.Stop)
	dsn, err := server.Address()
	if err != nil {
		t.Fatal(err)
	}
	if dsn == "" {
		t.Skip(pgtest.Missing)
	}
	f := &front{t: t, schema: "app_" + strings.ToLower(rand.Text())}
	if f.admin, err = pgx.Connect(t.Context(), dsn); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		f.exec("DROP SCHEMA IF EXISTS {s} CASCADE")
		_ = f.admin.Close(context.Background())
	})
	f.configure(dsn)
	return f
}

func (f *front) configure(dsn string) {
	f.t.Helper()
	w, err := demo.NewWorld(f.t.TempDir(), "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = w.Close() })
	text, err := os.ReadFile(w.ConfigPath())
	if err != nil {
		f.t.Fatal(err)
	}
	text = fmt.Appendf(text, "\nfrontdbs:\n  - id: %s\n    region: \"000000\"\n    every: 1s\n    aspects: [status]\n    settings: {dsn: file:keys/front.dsn, schema: %s, side: local}\n", frontPlatform, f.schema)
	secret := filepath.Join(filepath.Dir(w.ConfigPath()), "keys", "front.dsn")
	if err := os.WriteFile(secret, []byte(dsn+"\n"), 0o600); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(w.ConfigPath(), text, 0o600); err != nil {
		f.t.Fatal(err)
	}
	if f.settings, err = config.Load(w.ConfigPath(), nil); err != nil {
		f.t.Fatal(err)
	}
}

// start runs the gateway, until stop.
func (f *front) start() {
	f.t.Helper()
	var err error
	if f.gateway, err = app.Open(f.t.Context(), f.settings, slog.New(slog.DiscardHandler), app.Parts{}); err != nil {
		f.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.gateway.Run(ctx) }()
	f.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			f.t.Error(err)
		}
	}
}

// night makes the stopped gateway believe that it saw the platform first three days ago, so that a batch is overdue.
func (f *front) night() {
	f.t.Helper()
	j, err := journal.Open(f.t.Context(), journal.Config{Dir: f.settings.Journal.Dir}, slog.New(slog.DiscardHandler))
	if err != nil {
		f.t.Fatal(err)
	}
	defer func() { _ = j.Close(context.Background()) }()
	marks, err := j.State(f.t.Context(), journal.StateConfig{Name: "frontdbs"})
	if err != nil {
		f.t.Fatal(err)
	}
	for partition := range f.settings.Changes.Partitions {
		key := fmt.Sprintf("%s/telling-%d", frontPlatform, partition)
		value, err := marks.Get(f.t.Context(), key)
		if err != nil {
			f.t.Fatal(err)
		}
		since := fmt.Sprintf(`{"since":%q}`, time.Now().Add(-72*time.Hour).UTC().Format(time.RFC3339))
		if _, err := marks.Put(f.t.Context(), key, []byte(since), value.Revision); err != nil {
			f.t.Fatal(err)
		}
	}
}

func (f *front) exec(statement string, arguments ...any) {
	f.t.Helper()
	if _, err := f.admin.Exec(context.Background(), strings.ReplaceAll(statement, "{s}", f.schema), arguments...); err != nil {
		f.t.Fatalf("%s: %v", statement, err)
	}
}

// one gives the single text that a query finds.
func (f *front) one(query string) string {
	f.t.Helper()
	var text string
	if err := f.admin.QueryRow(f.t.Context(), strings.ReplaceAll(query, "{s}", f.schema)).Scan(&text); err != nil {
		f.t.Fatalf("%s: %v", query, err)
	}
	return text
}

// until waits for what the gateway does by itself.
func (f *front) until(what string, met func() bool) {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), time.Minute)
	defer cancel()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for !met() {
		select {
		case <-look.C:
		case <-ctx.Done():
			f.t.Fatalf("waited in vain until %s", what)
		}
	}
}
