package browser

import (
	"os"
	"testing"
)

// Axe is the source of axe-core, "" where there is none.
func Axe(t testing.TB) string {
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

// verdict is what axe-core finds.
type verdict struct {
	Passes     int // rules that hold
	Violations []violation
}

type violation struct {
	ID, Impact, Help string
	Nodes            []struct{ HTML, FailureSummary string }
}

// Accessible lets axe-core judge the page; rules is its source ([Axe]). Nothing serious may be found.
func (p *Tab) Accessible(name, rules string) {
	t := p.t
	t.Helper()
	Eval[int](p, rules+";0")
	verdict := Eval[verdict](p, "axe.run(document,{resultTypes:['violations','passes']}).then(r=>({Passes:r.passes.length,Violations:r.violations.map(v=>({ID:v.id,"+
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
