package loadbench

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/bench"
)

// The test program is also the gateway: Run starts it again, as the real program would.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "gateway" {
		if err := asGateway(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

func asGateway(arguments []string) error {
	flags := flag.NewFlagSet("gateway", flag.ContinueOnError)
	dir, mode := flags.String("dir", "", ""), flags.String("mode", "", "")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	return bench.Gateway{Mode: bench.Mode(*mode), Dir: *dir, In: os.Stdin, Out: os.Stdout}.Run(context.Background())
}

func options(t *testing.T) Options {
	t.Helper()
	return Options{Self: []string{os.Args[0]}, Dir: t.TempDir(), Duration: time.Second / 2, Rounds: 1, Rate: 10, Quota: 5, Progress: t.Logf}
}

// A whole run with a real gateway: the steady platforms are never refused, the greedy one is and is told so, and nothing is left.
func TestRun(t *testing.T) {
	t.Parallel()
	o := options(t)
	report, err := Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for name, steady := range map[string]Latency{"alone": report.Alone, "beside": report.Beside} {
		if steady.Asked != 10 || steady.Answered == 0 || steady.Quota > 0 || steady.P50 <= 0 || steady.P99 < steady.P50 {
			t.Errorf("%s: %+v", name, steady)
		}
	}
	if g := report.Greedy; g.Asked != 75 || g.Quota == 0 || g.Answered+g.Quota+g.Overloaded+g.Others+g.Lost != g.Asked {
		t.Errorf("greedy: %+v", g)
	}
	if s := report.Slow; s.Asked != 15 || s.Quota > 0 || s.Answered > 0 && s.P50 < slowness.Seconds()*1000 {
		t.Errorf("slow: %+v", s)
	}
	if report.Greedy.Untold+report.Slow.Untold > 0 {
		t.Errorf("refusals that tell nothing: %d and %d", report.Greedy.Untold, report.Slow.Untold)
	}
	if left, err := os.ReadDir(o.Dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Options){
		"no program":      func(o *Options) { o.Self = nil },
		"no duration":     func(o *Options) { o.Duration = 0 },
		"long":            func(o *Options) { o.Duration = time.Hour },
		"no rounds":       func(o *Options) { o.Rounds = 0 },
		"no rate":         func(o *Options) { o.Rate = 0 },
		"no quota":        func(o *Options) { o.Quota = 0 },
		"no such gateway": func(o *Options) { o.Self = []string{filepath.Join(o.Dir, "nothing")} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(t)
			spoil(&o)
			if report, err := Run(t.Context(), o); err == nil {
				t.Errorf("measured %+v", report)
			}
			if left, err := os.ReadDir(o.Dir); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}
