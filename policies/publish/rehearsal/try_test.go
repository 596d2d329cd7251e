//go:build linux && !race

package rehearsal_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/tryout"
	"github.com/zhengqiao/zhengqiao/policies/impact"
	"github.com/zhengqiao/zhengqiao/policies/publish"
	"github.com/zhengqiao/zhengqiao/policies/publish/rehearsal"
)

// attempt is about the first request that the shipped policies grant.
func attempt(t testing.TB) tryout.Attempt {
	t.Helper()
	draft, err := policies.ReadDraft(policies.Embedded(), smcrypto.NewSM3)
	if err != nil {
		t.Fatal(err)
	}
	text, err := tryout.Document(&tryout.Examples(draft)[0].Request)
	if err != nil {
		t.Fatal(err)
	}
	return tryout.Attempt{Input: text}
}

// TestTry: an attempt is decided in a child of its own, and whatever is written there to hurt ends with the child.
func TestTry(t *testing.T) {
	t.Parallel()
	limits := rehearsal.MomentLimits()
	limits.CPU, limits.Wall = 2*time.Second, time.Minute
	asked := attempt(t)
	for name, given := range map[string]struct {
		bomb bomb
		ends bool
	}{
		"calm":         {bomb{}, false},
		"number":       {bomb{Rego: `boom if { a := 1e99999999; b := a * (a + input.subjectAge); b * b == 0 }`}, true},
		"combinations": {bomb{Rego: "boom if count({[a, b, c, d, e, f, g] | some a in ns; some b in ns; some c in ns; some d in ns; some e in ns; some f in ns; some g in ns}) == input.subjectAge\nns := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]"}, true},
		"nested":       {bomb{File: "data/tiers.yaml", Text: "tiers: {{[*100000}}"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stage := rehearsal.NewStage(os.Args[0], limits, nil)
			answer, err := stage.Try(t.Context(), withBomb(t, bomb{}), withBomb(t, given.bomb), asked, nil)
			var o tryout.Outcome
			switch {
			case err != nil:
				if publish.CodeOf(err) != publish.Exhausted || !given.ends {
					t.Error(err)
				}
			case json.Unmarshal(answer, &o) != nil || (o.Decision == nil) != given.ends:
				t.Errorf("%s", answer)
			}
		})
	}
}

// TestTryOfRecords: recorded decisions are decided again in a child, which tells how far it is.
func TestTryOfRecords(t *testing.T) {
	t.Parallel()
	before := shippedFiles(t, "", "", "")
	after := shippedFiles(t, "data/platforms.yaml", "self-query: {home: account, away: bankcard}", "self-query: {home: phone, away: bankcard}")
	in := impact.Input{
		ID: "d", At: time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC), Operation: "licence.query", Platform: "suishenban", Region: "310000", SubjectAge: 40,
		Purpose:         exchange.Purpose{Code: "self-query", Operator: "self", LegalBasis: "consent", Matter: "1", MatterName: "m"},
		Authentications: []exchange.Authentication{{Method: "phone", Provider: "p", At: time.Date(2026, 11, 24, 3, 59, 0, 0, time.UTC)}},
	}
	told := 0
	asked := tryout.Attempt{What: tryout.OfRecords, Inputs: slices.Repeat([]impact.Input{in}, 600), Time: time.Minute}
	answer, err := rehearsal.NewStage(os.Args[0], rehearsal.ImpactLimits(), nil).Try(t.Context(), before, after, asked, func(_, all int) { told = all })
	var o tryout.Outcome
	if err != nil || json.Unmarshal(answer, &o) != nil || o.Impact == nil {
		t.Fatalf("%v %s", err, answer)
	}
	if i := o.Impact; i.Replayed != 600 || i.Left != 0 || !i.Widens || len(i.Lines) != 2 || i.Lines[1].Kind != impact.Opened || told != 600 {
		t.Errorf("%+v, of %d told", i, told)
	}
}

// BenchmarkTry is what one key costs in all: a process, the shipped policies read and compiled, one decision.
func BenchmarkTry(b *testing.B) {
	files, asked := shippedFiles(b, "", "", ""), attempt(b)
	stage := rehearsal.NewStage(os.Args[0], rehearsal.MomentLimits(), nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := stage.Try(b.Context(), files, files, asked, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkKeystroke is what one key costs where policies have some 200 rules: a process, all of them read and compiled, one decision. It
// reports the slowest of a hundred in milliseconds.
func BenchmarkKeystroke(b *testing.B) {
	files, asked := shippedFiles(b, "", "", ""), attempt(b)
	files["scale.rego"] = []byte(furtherRules(150))
	stage := rehearsal.NewStage(os.Args[0], rehearsal.MomentLimits(), nil)
	var took []time.Duration
	b.ReportAllocs()
	for b.Loop() {
		began := time.Now()
		answer, err := stage.Try(b.Context(), files, files, asked, nil)
		took = append(took, time.Since(began))
		var o tryout.Outcome
		if err != nil || json.Unmarshal(answer, &o) != nil || o.Decision == nil {
			b.Fatalf("%v %s", err, answer)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Milliseconds()), "p99-ms")
}

func furtherRules(count int) string {
	var text strings.Builder
	text.WriteString("package zhengqiao.scale\n\n")
	for i := range count {
		fmt.Fprintf(&text, "barred_%d if {\n\tinput.purpose.matter == \"bar-%d\"\n\tinput.subjectAge > %d\n\tnot data.reporters[input.purpose.matter]\n}\n\n", i, i, i%90)
	}
	return text.String()
}
