//go:build linux && !race

package rehearsal_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/tryout"
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
			answer, err := stage.Try(t.Context(), withBomb(t, bomb{}), withBomb(t, given.bomb), asked)
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

// BenchmarkTry is what one key costs in all: a process, the shipped policies read and compiled, one decision.
func BenchmarkTry(b *testing.B) {
	files, asked := shippedFiles(b, "", "", ""), attempt(b)
	stage := rehearsal.NewStage(os.Args[0], rehearsal.MomentLimits(), nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := stage.Try(b.Context(), files, files, asked); err != nil {
			b.Fatal(err)
		}
	}
}
