package scaffold_test

import (
	"crypto/sha256"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/policies/authoring/authoringtest"
	"github.com/zhengqiao/zhengqiao/policies/authoring/checkup"
	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
	"github.com/zhengqiao/zhengqiao/policies/authoring/layout"
	"github.com/zhengqiao/zhengqiao/policies/authoring/mutation"
	"github.com/zhengqiao/zhengqiao/policies/authoring/scaffold"
	"github.com/zhengqiao/zhengqiao/policies/authoring/suite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Tests here are not parallel, because the formatter is for one goroutine at a time (see the package comment of layout).

// begun gives the shipped policies with new rules.
func begun(t *testing.T, rules ...scaffold.Rule) fstest.MapFS {
	t.Helper()
	files := authoringtest.Shipped(t)
	for _, rule := range rules {
		made, err := rule.Files(files)
		if err != nil {
			t.Fatal(err)
		}
		for path, content := range made {
			files[path] = &fstest.MapFile{Data: content}
		}
	}
	return files
}

// TestNewRuleIsInOrder: two new rules, one after the other, pass check, fmt and all tests, and none of their mutants survives.
func TestNewRuleIsInOrder(t *testing.T) {
	files := begun(t, scaffold.Rule{Name: "night_hours", ZH: "夜间不办理。请白天办理。", EN: "Not at night. Ask by day."}, scaffold.Rule{Name: "other2"})
	for _, finding := range checkup.Check(t.Context(), files, sha256.New) {
		t.Error(finding)
	}
	untidy, err := layout.Untidy(files)
	if err != nil || len(untidy) > 0 {
		t.Errorf("untidy %v, error %v", maps.Keys(untidy), err)
	}
	opened, err := folder.Open(files, sha256.New)
	if err != nil {
		t.Fatal(err)
	}
	report, err := suite.Run(t.Context(), opened)
	if err != nil {
		t.Fatal(err)
	}
	for _, result := range report.Results {
		for _, failure := range result.Failures {
			t.Errorf("%s: %s", result.Place, failure)
		}
	}
	if report.Percent != 100 {
		t.Errorf("%.1f %% reached", report.Percent)
	}
	mutants, err := mutation.Run(t.Context(), opened, mutation.Options{Only: func(id string) bool { return strings.Contains(id, "night_hours") }})
	if err != nil {
		t.Fatal(err)
	}
	if mutants.Mutants < 6 || len(mutants.Survivors) > 0 {
		t.Errorf("of %d mutants survived %v", mutants.Mutants, mutants.Survivors)
	}
}

// TestNamesThatCanNotBe: nothing is made for them, and nothing overwritten.
func TestNamesThatCanNotBe(t *testing.T) {
	for _, name := range []string{"", "Night", "../evil", "a b", "import", "purpose", "x_test", "1st"} {
		if files, err := (scaffold.Rule{Name: name}).Files(authoringtest.Shipped(t)); err == nil {
			t.Errorf("%q made %d files", name, len(files))
		}
	}
}

// TestUnusualDecision: a decision that the rule can't be wired into is said, not broken.
func TestUnusualDecision(t *testing.T) {
	files := authoringtest.Add(authoringtest.Shipped(t), "decision.rego", "package zhengqiao.decision\n\nresult := 1\n")
	if _, err := (scaffold.Rule{Name: "night"}).Files(files); err == nil || !strings.Contains(err.Error(), "by hand") {
		t.Errorf("error %v", err)
	}
}
