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

// TestRevision: what decides changes the revision, what only tests doesn't, and the name of a file counts.
func TestRevision(t *testing.T) {
	t.Parallel()
	base := newEngine(t, small(t, "true", nil)).Revision()
	for name, c := range map[string]struct {
		files map[string]string
		same  bool
	}{
		"same":           {nil, true},
		"a test":         {map[string]string{"zz_test.rego": "package zz_test\n"}, true},
		"a case":         {map[string]string{"cases/zz.yaml": "a: 1\n"}, true},
		"a rule":         {map[string]string{"zz.rego": "package zz\n"}, false},
		"a data file":    {map[string]string{"data/zz.yaml": "# Nothing.\n"}, false},
		"a space":        {map[string]string{"zz.rego": "package zz \n"}, false},
		"the input form": {map[string]string{"schema/input.json": "{}"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := newEngine(t, small(t, "true", c.files)).Revision(); (got == base) != c.same {
				t.Errorf("revision %s, base %s", got, base)
			}
		})
	}
	one := newEngine(t, small(t, "true", map[string]string{"y.rego": "package zz\n"})).Revision()
	if one == newEngine(t, small(t, "true", map[string]string{"z.rego": "package zz\n"})).Revision() {
		t.Error("the name of a file doesn't count")
	}
}

// small gives policies of one rule that allows x, or refuses it, in good order.
func small(t testing.TB, allow string, more map[string]string) fs.FS {
	t.Helper()
	rule := whole + "result := object.union(good, {\"withheld\": {\"y\": {\"code\": \"a\"}}}) if " + allow + "\n\n" +
		`else := {"allow": false, "reasons": {{"code": "a", "rule": "r"}}, "grants": {}, "withheld": {}, "assurance": "sms",
	"checkIdentity": true, "freshness": good.freshness}
`
	files := builtInFiles(t, "data", more)
	files["decision.rego"] = &fstest.MapFile{Data: []byte("package zhengqiao.decision\n\n" + rule)}
	files["data/reasons.yaml"] = &fstest.MapFile{Data: []byte("reasons: {a: {zh: 甲, en: a}}\n")}
	return files
}

// TestDecideDuringReload: every decision is wholly of one revision: the one that allows, or the one that refuses.
func TestDecideDuringReload(t *testing.T) {
	t.Parallel()
	open, shut := small(t, "true", nil), small(t, "false", nil)
	engine := newEngine(t, open)
	allowed := engine.Revision()
	done := make(chan struct{})
	var deciders sync.WaitGroup
	for range 4 {
		deciders.Go(func() { decideUntil(t, engine, allowed, done) })
	}
	for range 20 {
		for _, next := range []fs.FS{shut, open} {
			if err := engine.Reload(next); err != nil {
				t.Error(err)
			}
		}
	}
	close(done)
	deciders.Wait()
}

func decideUntil(t *testing.T, engine *policies.Engine, allowed string, done <-chan struct{}) {
	for {
		got, err := engine.Decide(t.Context(), wantedXY())
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
