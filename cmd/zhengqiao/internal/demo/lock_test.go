package demo_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
)

func TestOneDemoPerFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := demo.NewWorld(dir, "127.0.0.1:1001", "127.0.0.1:1002")
	if err != nil {
		t.Fatal(err)
	}
	before := readAll(t, dir)
	if _, err := demo.NewWorld(dir, "127.0.0.1:2001", "127.0.0.1:2002"); !errors.Is(err, demo.ErrInUse) {
		t.Errorf("a second demo on one folder: %v", err)
	}
	if readAll(t, dir) != before {
		t.Error("the second demo wrote into the running one's folder")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := demo.NewWorld(dir, "127.0.0.1:3001", "127.0.0.1:3002")
	if err != nil {
		t.Fatalf("after the first demo's end: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// TestStandInsStartAtOnce starts all stand-ins in one new folder at once: every one of them needs every key.
func TestStandInsStartAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var started sync.WaitGroup
	for _, kind := range demo.StandInKinds() {
		started.Go(func() {
			running, err := demo.StartStandIn(demo.StandInOptions{Kind: kind, Dir: dir})
			if err != nil {
				t.Errorf("%s: %v", kind, err)
				return
			}
			if err := running.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	started.Wait()
	if _, err := os.Stat(filepath.Join(dir, "keys", "tmri.serial")); err != nil {
		t.Error(err)
	}
}
