package policies

import (
	"maps"
	"slices"
	"strings"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// betweenTitles stands between the Chinese and the English title of METADATA, as in the contract's summaries.
const betweenTitles = " / "

// Title gives the title of what a rule is in, such as zhengqiao.fields.assured: that of its package's METADATA ("可见项 / Fields"). One
// without a slash is the same in both languages, and what has none is called by its name.
func (e *Engine) Title(rule string) exchange.Text {
	title := rule
	for _, chapter := range e.current.Load().chapters {
		if strings.HasPrefix(rule, chapter.Package+".") && chapter.Title != "" {
			title = chapter.Title
		}
	}
	zh, en, both := strings.Cut(title, betweenTitles)
	if !both {
		en = zh
	}
	return exchange.Text{ZH: zh, EN: en}
}

// Reason gives the text of a reason's code in the policies in force. ok is false for a code that they don't know, as of a revision long
// past.
func (e *Engine) Reason(code string) (text exchange.Text, ok bool) {
	text, ok = e.current.Load().reasons[code]
	return text, ok
}

// Proof is a way of proving who one is, with the level that it reaches.
type Proof struct{ Method, Level string }

// Proofs gives the ways of authenticating that the policies in force know, by level from the lowest up.
func (e *Engine) Proofs() (list []Proof) {
	data := e.current.Load().data
	methods, _ := member(data, "assurance", "methods").(map[string]any)
	for _, level := range texts(data, "assurance", "levels") {
		for _, method := range slices.Sorted(maps.Keys(methods)) {
			if textAt(methods[method], "level") == level {
				list = append(list, Proof{method, level})
			}
		}
	}
	return list
}
