package impact

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// shortRevision is enough of a revision to know it by.
func shortRevision(revision string) string { return revision[:min(len(revision), 12)] }

// WriteJSON writes the report for programs.
func (r *Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// WriteTable writes the report for a terminal, zh and en.
func (r *Report) WriteTable(w io.Writer) error {
	fmt.Fprintf(w, "%s %s\n%s\n%s\n", r.Verdict().ZH, r.Verdict().EN, r.figures().ZH, r.figures().EN)
	fmt.Fprintf(w, "%s → %s, %s – %s\n", shortRevision(r.Baseline), shortRevision(r.Candidate), r.From.Format(time.RFC3339), r.Until.Format(time.RFC3339))
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if lines := r.Lines(); len(lines) > 0 {
		fmt.Fprintln(out, "\n\tplatform\tpurpose\toperation\tchange\tcount\twhat\tsamples")
		for _, l := range lines {
			fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", l.sign(), l.Platform, l.Purpose, l.Operation, l.Kind, l.Count, l.Detail(), strings.Join(l.Samples, " "))
		}
		fmt.Fprintln(out, "\n▲ 看到更多 sees more   ▽ 没有更多 sees no more")
	}
	r.rest(out, "")
	return out.Flush()
}

func (l *Line) sign() string {
	if l.Widens {
		return "▲"
	}
	return "▽"
}

// rest says what the changes don't tell.
func (r *Report) rest(w io.Writer, bullet string) {
	for _, u := range r.Unkept {
		fmt.Fprintf(w, "%s无法重放 not replayed: %d, %s (%s)\n", bullet, u.Count, u.Reason, strings.Join(u.Samples, " "))
	}
	if r.Unlike.Count > 0 {
		fmt.Fprintf(w, "%s与记录不符 decided otherwise than recorded by the same revision: %d (%s)\n", bullet, r.Unlike.Count, strings.Join(r.Unlike.Samples, " "))
	}
}

// WriteMarkdown writes the report as a Markdown document, zh and en.
func (r *Report) WriteMarkdown(w io.Writer) error {
	fmt.Fprintf(w, "# 策略影响报告 Policy impact\n\n**%s %s**\n\n%s %s\n\n", r.Verdict().ZH, r.Verdict().EN, r.figures().ZH, r.figures().EN)
	fmt.Fprintf(w, "- 现行 in force: `%s`\n- 候选 candidate: `%s`\n- %s – %s\n", r.Baseline, r.Candidate, r.From.Format(time.RFC3339), r.Until.Format(time.RFC3339))
	r.rest(w, "- ")
	fmt.Fprint(w, "\n## 平台与用途 Platforms and purposes\n\n| 平台 platform | 用途 purpose | 决定 decisions | 变化 changed | 开放 opened | 关闭 closed |\n|---|---|--:|--:|--:|--:|\n")
	for _, g := range r.Groups {
		fmt.Fprintf(w, "| %s | %s | %d | %d | %d | %d |\n", plain(g.Platform), plain(g.Purpose), g.Decisions, g.Changed, g.Opened, g.Closed)
	}
	lines := r.Lines()
	if len(lines) == 0 {
		return nil
	}
	fmt.Fprint(w, "\n## 变化 Changes\n\n| | 平台 platform | 用途 purpose | 操作 operation | 变化 change | 数量 count | 内容 what | 样例 samples |\n|---|---|---|---|---|--:|---|---|\n")
	for _, l := range lines {
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s %s | %d | %s | %s |\n", l.sign(), plain(l.Platform), plain(l.Purpose), plain(string(l.Operation)),
			l.What.ZH, l.What.EN, l.Count, plain(l.Detail()), plain(strings.Join(l.Samples, " ")))
	}
	_, err := fmt.Fprintln(w, "\n▲ 看到更多 sees more, ▽ 没有更多 sees no more")
	return err
}

// plain keeps what callers wrote, such as a purpose that doesn't exist, from being read as Markdown.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("|`<>[]()*_\\!#\n\r", r) && r != '_' {
			return '·'
		}
		return r
	}, text)
}
