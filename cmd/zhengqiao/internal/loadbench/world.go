package loadbench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/bench"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/simulators/fault"
)

// The stand-ins that are asked.
const (
	healthySource = "tmri"
	slowSource    = "zheliban"
)

// world is a gateway in a process of its own with stand-ins, of which one is slow.
type world struct {
	dir     string
	demo    *demo.World
	gateway *bench.Started
}

// openWorld makes the folder and starts everything. After an error nothing stays.
func openWorld(ctx context.Context, o Options) (*world, error) {
	dir, err := os.MkdirTemp(o.Dir, "zhengqiao-loadbench-")
	if err != nil {
		return nil, err
	}
	w := &world{dir: dir}
	if err := w.start(ctx, o); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func (w *world) start(ctx context.Context, o Options) (err error) {
	if w.demo, err = demo.NewWorld(w.dir, "127.0.0.1:0", "127.0.0.1:0"); err != nil {
		return err
	}
	delay := fault.Fault{Kind: fault.Delay, Duration: slowness}
	if err := w.demo.StandIns.Platform(slowSource).Faults().Set(delay); err != nil {
		return err
	}
	if err := configure(w.demo.ConfigPath(), o.Quota); err != nil {
		return err
	}
	w.gateway, err = bench.StartGateway(ctx, o.Self, w.dir)
	return err
}

func (w *world) close() error {
	var all []error
	if w.gateway != nil {
		all = append(all, w.gateway.Stop())
	}
	if w.demo != nil {
		all = append(all, w.demo.Close())
	}
	return errors.Join(append(all, os.RemoveAll(w.dir))...)
}

// configure gives each region one source, so that nothing falls back to another, and the greedy platform its quota.
func configure(path string, quota int) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text := string(content)
	for region, source := range map[string]string{"310000": healthySource, "440000": healthySource, "330000": slowSource} {
		if text, err = oneSource(text, region, source); err != nil {
			return err
		}
	}
	entry := fmt.Sprintf("  - id: %s\n", greedy.platform)
	before, after, found := strings.Cut(text, entry)
	if !found {
		return fmt.Errorf("the demo's configuration has no platform %s", greedy.platform)
	}
	text = fmt.Sprintf("%s%s    quota: {queries: {perSecond: %d, burst: %d}}\n%s", before, entry, quota, quota, after)
	return os.WriteFile(path, []byte(text), 0o600)
}

// oneSource rewrites a line such as `- {region: "310000", sources: [tmri, suishenban]}`.
func oneSource(text, region, source string) (string, error) {
	start := fmt.Sprintf("  - {region: %q, sources: [", region)
	before, after, found := strings.Cut(text, start)
	_, rest, closed := strings.Cut(after, "]}")
	if !found || !closed {
		return "", fmt.Errorf("the demo's configuration has no route for %s", region)
	}
	return before + start + source + "]}" + rest, nil
}
