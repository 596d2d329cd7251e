package impact_test

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/policies/impact"
)

// TestReportsSayWhatChanged: each form names platform, purpose, fields, samples and the reason of what could not be replayed, in both
// languages, and what a caller wrote stays text.
func TestReportsSayWhatChanged(t *testing.T) {
	t.Parallel()
	candidate := newEngine(t, edited(t, "data/platforms.yaml", "self-query: {home: account, away: bankcard}", "self-query: {home: phone, away: bankcard}"))
	unproven := asked(t, "decision-7", func(q *exchange.Query) { q.Authentications[0].Method, q.Authentications[0].Similarity = "phone", nil })
	odd := asked(t, "b", func(q *exchange.Query) { q.Purpose.Code = "<script>|x" })
	notice := &impact.Input{ID: "n", At: noon, Operation: exchange.ChangeDelivery, Platform: "zheliban", Unkept: "was not kept"}
	report := replayed(t, candidate, unproven, odd, notice)
	if report.Decisions != 3 || report.Replayed != 2 {
		t.Fatalf("%+v", report)
	}
	for name, write := range map[string]func(io.Writer) error{"table": report.WriteTable, "markdown": report.WriteMarkdown, "html": report.WriteHTML} {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"可见范围将扩大", "Somebody would see more", "suishenban", "self-query", "status", "decision-7", "was not kept", "▲"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s lacks %q:\n%s", name, want, out.String())
			}
		}
		if name != "table" && strings.Contains(out.String(), "<script>") {
			t.Errorf("%s takes a purpose for markup", name)
		}
	}
	var out bytes.Buffer
	var read impact.Report
	if err := report.WriteJSON(&out); err != nil || json.Unmarshal(out.Bytes(), &read) != nil || !reflect.DeepEqual(&read, report) {
		t.Errorf("%v: %+v became %+v", err, report, read)
	}
}

func TestVerdictsAreApart(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for name, report := range map[string]impact.Report{
		"wider": {Decisions: 1, Replayed: 1, Changed: 1, Widens: true}, "narrower": {Decisions: 1, Replayed: 1, Changed: 1},
		"same": {Decisions: 1, Replayed: 1}, "nothing": {}, "unsure": {Decisions: 1, Unkept: []impact.Unkept{{Count: 1}}},
	} {
		text := report.Verdict()
		if seen[text.EN] || text.ZH == "" {
			t.Errorf("%s: %+v", name, text)
		}
		seen[text.EN] = true
	}
}
