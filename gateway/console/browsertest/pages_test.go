package browsertest

import (
	"os"
	"strings"
	"testing"
)

// paths are one of each page.
func paths() map[string]string {
	return map[string]string{
		"overview": "/", "adapters": "/adapters", "adapter": "/adapters/" + stale, "changes": "/changes", "platform": "/changes/platforms/wechat",
		"parked": "/changes/parked", "policies": "/policies", "playground": "/playground", "records": "/records", "record": "/records/records-shanghai-1/7", "nodes": "/nodes",
	}
}

// axe is the source of axe-core, "" where there is none.
func axe(t *testing.T) string {
	t.Helper()
	path := os.Getenv("AXE_PATH")
	if path == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("AXE_PATH names no axe-core")
		}
		return ""
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every page in both languages: in its language, without a complaint of the browser, without a request to elsewhere, no wider than the
// window, and nothing serious for who can't see or can't use a mouse.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.park(t, 3, refuse)
	w := serve(t, adapters(100), d, d.rig.Records)
	rules := axe(t)
	for language, other := range map[string]string{"zh-CN": "English", "en": "中文"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			p := open(t, w, language)
			for name, path := range paths() {
				p.visit(path)
				if got := eval[string](p, "document.documentElement.lang"); got != language {
					t.Errorf("%s is in %s", name, got)
				}
				if got := p.text(".tools a"); got != other {
					t.Errorf("%s offers %s", name, got)
				}
				if p.text("h1") == "" || strings.Contains(p.text("main"), "<no value>") {
					t.Errorf("%s has no heading, or a hole", name)
				}
				if wide := eval[int](p, "document.documentElement.scrollWidth"); wide > 1366 {
					t.Errorf("%s is %d wide", name, wide)
				}
				p.clean()
				if rules != "" {
					accessible(t, p, name, rules)
				}
			}
		})
	}
}

// verdict is what axe-core finds.
type verdict struct {
	Passes     int // rules that hold
	Violations []violation
}

type violation struct {
	ID, Impact, Help string
	Nodes            []struct{ HTML, FailureSummary string }
}

// accessible lets axe-core judge the page.
func accessible(t *testing.T, p *tab, name, rules string) {
	t.Helper()
	eval[int](p, rules+";0")
	verdict := eval[verdict](p, "axe.run(document,{resultTypes:['violations','passes']}).then(r=>({Passes:r.passes.length,Violations:r.violations.map(v=>({ID:v.id,"+
		"Impact:v.impact,Help:v.help,Nodes:v.nodes.slice(0,2).map(n=>({HTML:n.html,FailureSummary:n.failureSummary}))}))}))")
	if verdict.Passes < 10 {
		t.Errorf("%s: axe-core judged by %d rules only", name, verdict.Passes)
	}
	for _, one := range verdict.Violations {
		if one.Impact == "serious" || one.Impact == "critical" {
			t.Errorf("%s: %s: %s %.600v", name, one.ID, one.Help, one.Nodes)
		}
	}
}
