package app_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/watch"
)

// The lights follow a reload: a source that came has its own, one that moved is tried where it is now and its old breaker counts no more,
// one that went is gone; a reload that is refused leaves nothing behind.
func TestTheLightsFollowAReload(t *testing.T) {
	t.Parallel()
	s := newReloadStage(t)
	before, hosts := s.Opened(), s.Connected()

	moved := regexp.MustCompile(`(?s)(  - id: tmri-gs\n.*?)http://[^/\s]+`).ReplaceAllString(moreSources(t, s.text), "${1}http://127.0.0.1:1")
	s.reload(t, moved)
	if at := s.Connected()["tmri-gs"]; s.Opened() != before+1 || len(at) == 0 || !slices.Contains(at, "http://127.0.0.1:1") {
		t.Errorf("the new source is tried at %v, %d parts are open", at, s.Opened())
	}
	awaitLights(t, s.App, "tmri-gs", func(red []watch.Light, _ int) bool {
		return len(red) == 1 && red[0].Name == watch.Reachability && red[0].Layer == watch.LayerTCP
	})
	if _, err := s.TestConnection(t.Context(), "tmri-gs"); err != nil {
		t.Errorf("it can't be tested: %v", err)
	}

	s.reload(t, moreSources(t, s.text))
	if at := s.Connected()["tmri-gs"]; s.Opened() != before+1 || slices.Contains(at, "http://127.0.0.1:1") {
		t.Errorf("the old host is still tried: %v, %d parts are open", at, s.Opened())
	}
	awaitLights(t, s.App, "tmri-gs", func(red []watch.Light, _ int) bool { return len(red) == 0 })

	s.write(t, strings.Replace(moved, "region: \"310000\"\n", "region: \"310000\"\n    nonsense: 1\n", 1))
	if _, err := s.Reload(); err == nil {
		t.Fatal("nonsense was taken")
	}
	if s.Opened() != before+1 {
		t.Errorf("a refused reload left clients behind: %d parts are open", s.Opened())
	}

	s.reload(t, s.text)
	if s.Opened() != before || len(s.Connected()) != len(hosts) {
		t.Errorf("%d parts are open, %d were: %v", s.Opened(), before, s.Connected())
	}
	for _, adapter := range s.Overview().Adapters {
		if adapter.ID == "tmri-gs" {
			t.Error("the source that went still has lights")
		}
	}
}
