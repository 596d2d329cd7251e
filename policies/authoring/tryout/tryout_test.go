package tryout_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/policies"
	"github.com/zhengqiao/zhengqiao/policies/authoring/authoringtest"
	"github.com/zhengqiao/zhengqiao/policies/authoring/tryout"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// example gives the input of the example that is called so.
func example(t testing.TB, name string) string {
	t.Helper()
	draft, err := policies.ReadDraft(policies.Embedded(), smcrypto.NewSM3)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range tryout.Examples(draft) {
		if one.Name == name {
			text, err := tryout.Document(&one.Request)
			if err != nil {
				t.Fatal(err)
			}
			return text
		}
	}
	t.Fatalf("no example %s", name)
	return ""
}

// purposes gives the shipped purposes with a text of self-query, the first of them, replaced.
func purposes(t testing.TB, old, replacement string) string {
	t.Helper()
	before := string(authoringtest.Shipped(t)["data/purposes.yaml"].Data)
	if !strings.Contains(before, old) {
		t.Fatalf("no %q among the purposes", old)
	}
	return strings.Replace(before, old, replacement, 1)
}

const wechat = "wechat-city · self-query · licence.query"

// TestHideAField is the way of who changes one thing: what was shown is withheld, with a reason, and the matrix tells where else.
func TestHideAField(t *testing.T) {
	t.Parallel()
	attempt := tryout.Attempt{Input: example(t, wechat)}
	before := authoringtest.Shipped(t)
	o := tryout.Run(t.Context(), before, before, attempt, smcrypto.NewSM3)
	if o.Decision == nil || !o.Decision.Allow || !slices.ContainsFunc(o.Decision.Shown, func(s tryout.Shown) bool { return s.Field == "points" && s.Mask == tryout.Clear && s.Rule != "" }) {
		t.Fatalf("as in force: %+v", o)
	}
	draft := authoringtest.Shipped(t)
	draft = authoringtest.Add(draft, "data/purposes.yaml", purposes(t, "mayDrive, points,", "mayDrive,"))
	attempt.What, attempt.Matrix = tryout.Whole, 1
	o = tryout.Run(t.Context(), before, draft, attempt, smcrypto.NewSM3)
	if o.Decision == nil || !slices.ContainsFunc(o.Decision.Withheld, func(w tryout.Withheld) bool { return w.Field == "points" && w.Code != "" && w.Text.ZH != "" }) {
		t.Fatalf("hidden: %+v", o.Tests)
	}
	if o.Matrix == nil || len(o.Matrix.Sections) != 1 || o.Matrix.Left == 0 {
		t.Fatalf("the matrix: %+v", o.Matrix)
	}
	for _, row := range o.Matrix.Sections[0].Rows {
		differs := slices.ContainsFunc(row.Cells, func(c tryout.Cell) bool { return c.Was != c.Is })
		if differs != (row.Field == "points") {
			t.Errorf("%s: %+v", row.Field, row.Cells)
		}
	}
}

func ofPoints(f tryout.Failure) bool {
	return strings.HasPrefix(f.Place, "cases/fields.yaml:") && strings.Contains(strings.Join(f.Lines, " "), "points: withheld")
}

// TestAllTests: a field that is hidden fails the tests that expect it, by file; expected so, all pass.
func TestAllTests(t *testing.T) {
	t.Parallel()
	before := authoringtest.Shipped(t)
	for path := range before {
		if strings.HasPrefix(path, "matrix/") || strings.HasPrefix(path, "cases/") && path != "cases/fields.yaml" && path != "cases/base.yaml" {
			delete(before, path)
		}
	}
	draft := authoringtest.Add(before, "data/purposes.yaml", purposes(t, "mayDrive, points,", "mayDrive,"))
	attempt := tryout.Attempt{What: tryout.AllTests}
	o := tryout.Run(t.Context(), before, draft, attempt, smcrypto.NewSM3)
	if o.Tests == nil || o.Tests.Failed == 0 || o.Tests.Failed == o.Tests.Count || !slices.ContainsFunc(o.Tests.Failures, ofPoints) {
		t.Fatalf("hidden: %+v", o.Tests)
	}
	if o = tryout.Run(t.Context(), before, before, attempt, smcrypto.NewSM3); o.Tests == nil || o.Tests.Failed != 0 || o.Tests.Count < 50 || o.Tests.Coverage < 50 {
		t.Errorf("as in force: %+v", o.Tests)
	}
	broken := authoringtest.Add(before, "fields_test.rego", "package zhengqiao.fields_test\n\ntest_x if {")
	if o = tryout.Run(t.Context(), before, broken, attempt, smcrypto.NewSM3); len(o.Findings) == 0 || o.Tests != nil {
		t.Errorf("a test that can't be read: %+v", o)
	}
}

// TestFaults: what is wrong is named with its place and what was meant; what has no decision says so; nothing panics.
func TestFaults(t *testing.T) {
	t.Parallel()
	good := example(t, wechat)
	for name, given := range map[string]struct {
		file, text, input string
		finding           string // words of file and text
		fault             tryout.FaultKind
	}{
		"syntax":      {"fields.rego", "package zhengqiao.fields\n\nshown if {", good, "fields.rego", ""},
		"built-in":    {"extra.rego", "package zhengqiao.extra\n\nx := http.send({})", good, "http.send", ""},
		"misspelt":    {"extra.rego", "package zhengqiao.extra\n\nx if input.platfrom == \"a\"", good, "platform", ""},
		"data":        {"data/purposes.yaml", purposes(t, "mayDrive, points,", "mayDrive, poinst,"), good, "data/purposes.yaml poinst points", ""},
		"no JSON":     {"", "", "{", "", tryout.BadInput},
		"two":         {"", "", good + good, "", tryout.BadInput},
		"null":        {"", "", "null", "", tryout.BadInput},
		"other form":  {"", "", `{"platform": "wechat"}`, "", tryout.BadInput},
		"no decision": {"decision.rego", "package zhengqiao.decision\n\nresult := {\"allow\": true}\n", good, "", tryout.NoDecision},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := authoringtest.Shipped(t)
			draft := before
			if given.file != "" {
				draft = authoringtest.Add(before, given.file, given.text)
			}
			o := tryout.Run(t.Context(), before, draft, tryout.Attempt{Input: given.input}, smcrypto.NewSM3)
			if given.fault != "" {
				if o.Fault == nil || o.Fault.Kind != given.fault || o.Fault.Text == "" || o.Decision != nil {
					t.Errorf("%+v", o)
				}
				return
			}
			if !slices.ContainsFunc(o.Findings, func(f tryout.Finding) bool { return containsAll(f.File+" "+f.Text.EN, given.finding) }) || o.Decision != nil {
				t.Errorf("%+v", o)
			}
		})
	}
}

func containsAll(text, words string) bool {
	return !slices.ContainsFunc(strings.Fields(words), func(word string) bool { return !strings.Contains(text, word) })
}

// TestEnds: an attempt ends with its context.
func TestEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before := authoringtest.Shipped(t)
	if o := tryout.Run(ctx, before, before, tryout.Attempt{Input: example(t, wechat)}, smcrypto.NewSM3); o.Fault == nil || o.Fault.Kind != tryout.TimeOut {
		t.Errorf("%+v %+v", o, o.Fault)
	}
}

// TestExamples: each example is an input of the policies that it is made of, and there is one for every operation.
func TestExamples(t *testing.T) {
	t.Parallel()
	draft, err := policies.ReadDraft(policies.Embedded(), smcrypto.NewSM3)
	if err != nil {
		t.Fatal(err)
	}
	met := map[exchange.Operation]bool{}
	for _, one := range tryout.Examples(draft) {
		met[one.Request.Operation] = true
		text, err := tryout.Document(&one.Request)
		if err != nil || !strings.Contains(text, one.Request.Platform) {
			t.Errorf("%s: %v", one.Name, err)
		}
	}
	if !met[exchange.LicenceQuery] || !met[exchange.ViolationsQuery] {
		t.Errorf("operations: %v", met)
	}
}

// BenchmarkRun is what one key costs beside starting a process: the shipped policies read and compiled, and one decision.
func BenchmarkRun(b *testing.B) {
	before := authoringtest.Shipped(b)
	attempt := tryout.Attempt{Input: example(b, wechat)}
	b.ReportAllocs()
	for b.Loop() {
		if o := tryout.Run(b.Context(), before, before, attempt, smcrypto.NewSM3); o.Decision == nil {
			b.Fatal(o)
		}
	}
}
