package browsertest

import (
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/gateway/console/browser"
)

// paths are one of each page.
func paths() map[string]string {
	return map[string]string{
		"overview": "/", "adapters": "/adapters", "adapter": "/adapters/" + stale, "changes": "/changes", "platform": "/changes/platforms/wechat",
		"parked": "/changes/parked", "policies": "/policies", "playground": "/playground", "publishing": "/publishing", "matrix": "/publishing/matrix",
		"candidate": "/publishing/candidates/c-1", "records": "/records", "record": "/records/records-shanghai-1/7", "nodes": "/nodes",
	}
}

// Every page in both languages: in its language, without a complaint of the browser, without a request to elsewhere, no wider than the
// window, and nothing serious for who can't see or can't use a mouse.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.park(t, 3, refuse)
	w := serve(t, adapters(100), d, d.rig.Records)
	rules := browser.Axe(t)
	for language, other := range map[string]string{"zh-CN": "English", "en": "中文"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			p := open(t, w, language)
			for name, path := range paths() {
				p.Visit(path)
				if got := browser.Eval[string](p, "document.documentElement.lang"); got != language {
					t.Errorf("%s is in %s", name, got)
				}
				if got := p.Text(".tools a"); got != other {
					t.Errorf("%s offers %s", name, got)
				}
				if p.Text("h1") == "" || strings.Contains(p.Text("main"), "<no value>") {
					t.Errorf("%s has no heading, or a hole", name)
				}
				if wide := browser.Eval[int](p, "document.documentElement.scrollWidth"); wide > 1366 {
					t.Errorf("%s is %d wide", name, wide)
				}
				p.Clean()
				if rules != "" {
					p.Accessible(name, rules)
				}
			}
		})
	}
}
