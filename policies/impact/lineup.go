package impact

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// Line is what readers see of changes that differ in nothing but the field.
type Line struct {
	Change
	Fields []string      `json:"fields,omitempty"`
	What   exchange.Text `json:"what"` // kind of change it is, in words
}

// Lines puts changes together that differ in nothing but the field.
func (r *Report) Lines() (lines []Line) {
	for _, c := range r.Changes {
		i := slices.IndexFunc(lines, func(l Line) bool { return l.like(&c) })
		if i < 0 {
			i, lines = len(lines), append(lines, Line{Change: c, What: what(c.Kind)})
		}
		if c.Field != "" {
			lines[i].Fields = append(lines[i].Fields, string(c.Field))
		}
	}
	return lines
}

func (l *Line) like(c *Change) bool {
	return l.Platform == c.Platform && l.Purpose == c.Purpose && l.Operation == c.Operation && l.Kind == c.Kind && l.From == c.From &&
		l.To == c.To && l.Count == c.Count && slices.Equal(l.Samples, c.Samples)
}

// Detail gives the fields and what they change from and to.
func (l *Line) Detail() string {
	text := strings.Join(l.Fields, ", ")
	switch {
	case l.From != "" && l.To != "":
		return strings.TrimSpace(text + " " + l.From + " → " + l.To)
	case l.Kind == Opened || l.Kind == Closed:
		return l.From + l.To
	}
	return text
}

// what says in words what kind of change it is.
func what(kind Kind) exchange.Text {
	switch kind {
	case Opened:
		return exchange.Text{ZH: "拒绝改为允许", EN: "refused, then allowed"}
	case Closed:
		return exchange.Text{ZH: "允许改为拒绝", EN: "allowed, then refused"}
	case FieldGained:
		return exchange.Text{ZH: "新增可见项", EN: "fields gained"}
	case FieldLost:
		return exchange.Text{ZH: "减少可见项", EN: "fields lost"}
	case MaskChanged:
		return exchange.Text{ZH: "脱敏方式改变", EN: "mask changed"}
	case AgeBound:
		return exchange.Text{ZH: "数据时效上限改变", EN: "bound on the data's age"}
	case OnStale:
		return exchange.Text{ZH: "过期数据处理改变", EN: "what is done with stale data"}
	case IdentityCheck:
		return exchange.Text{ZH: "身份核验要求改变", EN: "identity check"}
	case Quotas:
		return exchange.Text{ZH: "用途配额改变", EN: "quotas of the purpose"}
	case Rank:
		return exchange.Text{ZH: "变更报告的效力改变", EN: "weight of announcements"}
	}
	return exchange.Text{ZH: "拒绝原因改变", EN: "reasons of a refusal"}
}

// Verdict says in one sentence what the report comes to.
func (r *Report) Verdict() exchange.Text {
	switch {
	case r.Widens:
		return exchange.Text{ZH: "可见范围将扩大。", EN: "Somebody would see more."}
	case r.Changed > 0:
		return exchange.Text{ZH: "有变化，但没有任何平台看到更多。", EN: "Decisions would change; nobody would see more."}
	case r.Decisions == 0:
		return exchange.Text{ZH: "没有可供重放的决定。", EN: "There are no decisions to replay."}
	case !r.Same():
		return exchange.Text{ZH: "重放的决定没有变化，但并非所有决定都能可靠重放。", EN: "Nothing changes among what was replayed, but not all could be replayed for certain."}
	}
	return exchange.Text{ZH: "没有任何变化。", EN: "Nothing would change."}
}

// figures says how much was read.
func (r *Report) figures() exchange.Text {
	rest := r.Decisions - r.Replayed
	return exchange.Text{
		ZH: fmt.Sprintf("共 %d 条决定，重放 %d 条（不同输入 %d 种），变化 %d 条，无法重放 %d 条。", r.Decisions, r.Replayed, r.Distinct, r.Changed, rest),
		EN: fmt.Sprintf("%d decisions, %d replayed (%d distinct), %d changed, %d not replayed.", r.Decisions, r.Replayed, r.Distinct, r.Changed, rest),
	}
}
