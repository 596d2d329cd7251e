package journal

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestMain also is the child process of the tests that kill one or that need a second one.
func TestMain(m *testing.M) {
	if role := os.Getenv(childRole); role != "" {
		os.Exit(runChild(role, os.Getenv(childDir)))
	}
	// A check of the model costs some hundred syncs. The command line may ask for more: go test -rapid.checks=1000.
	if err := flag.Set("rapid.checks", "15"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// limit bounds a test that waits for the real engine. It is never the expected way out.
const limit = 2 * time.Minute

func testContext(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func open(t testing.TB, dir string) *Journal {
	t.Helper()
	j, err := Open(testContext(t), Config{Dir: dir}, discard())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, j) })
	return j
}

func shut(t testing.TB, j *Journal) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := j.Close(ctx); err != nil {
		t.Error(err)
	}
}

func openLog(t testing.TB, j *Journal, cfg LogConfig) *Log {
	t.Helper()
	if cfg.Name == "" {
		cfg.Name = "records"
	}
	l, err := j.Log(testContext(t), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
