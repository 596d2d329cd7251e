package checkup

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies"
)

// checkData holds the data against the shapes that the engine holds it against.
func checkData(draft *policies.Draft) []Finding {
	faults, rest := policies.Faults(draft.CheckData())
	findings := make([]Finding, 0, len(faults))
	for _, f := range faults {
		meant := exchange.Text{}
		if f.Known != nil {
			meant = hint(lastName(f), f.Known)
		}
		findings = append(findings, Finding{f.File, f.Line, exchange.Text{
			ZH: fmt.Sprintf("数据 %s 有误（%s）%s", f.Path, f.What, meant.ZH),
			EN: fmt.Sprintf("%s: %s%s", f.Path, f.What, meant.EN),
		}})
	}
	for _, err := range rest {
		findings = append(findings, fromError(err)...)
	}
	return findings
}

// lastName gives the name that a fault is about: the value that is none of those known, or else the end of the path.
func lastName(f policies.Fault) string {
	if value, _, found := strings.Cut(f.What, " is no "); found {
		return value
	}
	return f.Path[strings.LastIndex(f.Path, ".")+1:]
}

// checkCodes finds reason codes that have no text for the citizen.
func checkCodes(draft *policies.Draft) []Finding {
	texts, _ := draft.Data["reasons"].(map[string]any)
	var findings []Finding
	for code, at := range draft.Codes() {
		if texts[code] != nil {
			continue
		}
		meant := hint(code, slices.Collect(maps.Keys(texts)))
		findings = append(findings, Finding{at.File, at.Row, exchange.Text{
			ZH: fmt.Sprintf("原因代码 %q 在 data/reasons.yaml 中没有说明文字%s", code, meant.ZH),
			EN: fmt.Sprintf("reason code %q has no texts in data/reasons.yaml%s", code, meant.EN),
		}})
	}
	return findings
}
