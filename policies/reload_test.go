package policies_test

import (
	"io/fs"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/zhengqiao/zhengqiao/policies"
)

func TestReloadKeepsTheLastGood(t *testing.T) {
	t.Parallel()
	engine := newEngine(t, policies.Embedded())
	before := engine.Revision()
	for name, files := range map[string]map[string]string{
		"syntax": {"decision.rego": "package"},
		"schema": {"zz.rego": "package zhengqiao.extra\n\nbad if input.clock\n"},
		"data":   {"data/platforms.yaml": "platforms: ["},
	} {
		if err := engine.Reload(changed(t, files)); err == nil {
			t.Errorf("%s: loaded", name)
		}
	}
	if err := engine.Reload(fstest.MapFS{}); err == nil {
		t.Error("loaded an empty folder")
	}
	got, err := engine.Decide(t.Context(), ownQuery())
	if err != nil || !got.Allow || engine.Revision() != before || got.Revision != before {
		t.Errorf("decision by %s, in force %s, error %v", got.Revision, engine.Revision(), err)
	}
}

func TestReloadReplaces(t *testing.T) {
	t.Parallel()
	engine := newEngine(t, policies.Embedded())
	before := engine.Revision()
	if err := engine.Reload(changed(t, map[string]string{"data/platforms.yaml": "platforms: {}\n"})); err != nil {
		t.Fatal(err)
	}
	got, err := engine.Decide(t.Context(), ownQuery())
	if err != nil || got.Allow || got.Reasons[0].Code != "unknown_platform" || got.Revision == before {
		t.Errorf("decision %+v, error %v", got, err)
	}
}

// TestRevision: what decides changes the revision, what only tests doesn't, and moving text between files does.
func TestRevision(t *testing.T) {
	t.Parallel()
	base := newEngine(t, policies.Embedded()).Revision()
	for name, c := range map[string]struct {
		files map[string]string
		same  bool
	}{
		"same":        {nil, true},
		"a test":      {map[string]string{"zz_test.rego": "package zz_test\n"}, true},
		"a case":      {map[string]string{"cases/zz.yaml": "a: 1\n"}, true},
		"a rule":      {map[string]string{"zz.rego": "package zz\n"}, false},
		"a data file": {map[string]string{"data/zz.yaml": "zz: 1\n"}, false},
		"its name":    {map[string]string{"yy.rego": "package zz\n"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := newEngine(t, changed(t, c.files)).Revision(); (got == base) != c.same {
				t.Errorf("revision %s, base %s", got, base)
			}
		})
	}
}

// TestDecideDuringReload: every decision is wholly of one revision. The second bundle knows no
// platform, so a mixture would show.
func TestDecideDuringReload(t *testing.T) {
	t.Parallel()
	open, shut := policies.Embedded(), changed(t, map[string]string{"data/platforms.yaml": "platforms: {}\n"})
	engine := newEngine(t, open)
	allowed := engine.Revision()
	done := make(chan struct{})
	var deciders sync.WaitGroup
	for range 4 {
		deciders.Go(func() { decideUntil(t, engine, allowed, done) })
	}
	for _, next := range []fs.FS{shut, open, shut, open} {
		if err := engine.Reload(next); err != nil {
			t.Error(err)
		}
	}
	close(done)
	deciders.Wait()
}

func decideUntil(t *testing.T, engine *policies.Engine, allowed string, done <-chan struct{}) {
	for {
		got, err := engine.Decide(t.Context(), ownQuery())
		if err != nil || got.Allow != (got.Revision == allowed) {
			t.Errorf("allow %v by revision %s, error %v", got.Allow, got.Revision, err)
			return
		}
		select {
		case <-done:
			return
		default:
		}
	}
}
