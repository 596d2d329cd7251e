package demo_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
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

// TestStandInsSayHowTheyAreAsked puts together a configuration from what stand-ins that run alone print.
func TestStandInsSayHowTheyAreAsked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var sources, receivers strings.Builder
	for _, kind := range demo.StandInKinds() {
		running, err := demo.StartStandIn(demo.StandInOptions{Kind: kind, Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = running.Close() })
		sources.WriteString(running.Sources)
		receivers.WriteString(running.Receivers)
	}
	elsewhere := filepath.Join(t.TempDir(), "zhengqiao.yaml")
	keys := "file:" + filepath.Join(dir, "keys")
	text := "gateway: {keyId: gateway-1, key: " + keys + "/gateway.key.pem}\njournal: {dir: journal}\n" +
		"records: {sealKeyId: seal-1, sealKey: " + keys + "/seal.key, pepper: " + keys + "/pepper.key}\n" +
		"platforms: [{id: suishenban, region: \"310000\", keys: [{id: suishenban-1, public: " + keys + "/suishenban.pub.pem}]}]\n" +
		"sources:\n" + sources.String() + "routes: [{region: \"310000\", sources: [tmri, suishenban]}]\nidentity: population\n" +
		"changes: {gateway: gateway-a}\nreceivers:\n" + receivers.String()
	if err := os.WriteFile(elsewhere, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	settings, err := config.Load(elsewhere, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if warnings, err := app.Check(settings); err != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "coverage is empty") {
		t.Errorf("%v, %v\n%s", warnings, err, text)
	}
	if _, err := demo.StartStandIn(demo.StandInOptions{Kind: "12123", Dir: dir}); err == nil || !strings.Contains(err.Error(), "population, suihaoban, suishenban, tmri, webhook, wechat, zheliban") {
		t.Errorf("a kind that has no stand-in: %v", err)
	}
}
