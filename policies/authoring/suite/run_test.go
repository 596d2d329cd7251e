package suite_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/xml"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/policies/authoring/authoringtest"
	"github.com/zhengqiao/zhengqiao/policies/authoring/folder"
	"github.com/zhengqiao/zhengqiao/policies/authoring/suite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func run(t *testing.T, files fstest.MapFS) *suite.Report {
	t.Helper()
	opened, err := folder.Open(files, sha256.New)
	if err != nil {
		t.Fatal(err)
	}
	report, err := suite.Run(t.Context(), opened)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// TestShippedPoliciesPass: all shipped tests pass, and reach every line of every rule.
func TestShippedPoliciesPass(t *testing.T) {
	t.Parallel()
	report := run(t, authoringtest.Shipped(t))
	count := map[string]int{}
	for _, result := range report.Results {
		count[result.Kind]++
		for _, failure := range result.Failures {
			t.Errorf("%s: %s: %s", result.Place, result.Name, failure)
		}
	}
	if count[suite.Rego] < 50 || count[suite.Cases] < 100 || count[suite.Matrix] != 56 {
		t.Errorf("ran %v", count)
	}
	for _, rule := range report.Rules {
		if len(rule.Missing) > 0 {
			t.Error(rule.String())
		}
	}
	if len(report.Rules) < 50 || report.Percent != 100 {
		t.Errorf("%d rules, %.1f %% reached", len(report.Rules), report.Percent)
	}
}

// TestFailuresNameFieldAndRule: one change of the data fails a case and the matrix, each with place, field, what is and the rule.
func TestFailuresNameFieldAndRule(t *testing.T) {
	t.Parallel()
	files := authoringtest.Shipped(t)
	authoringtest.Edit(t, files, "data/sensitivity.yaml", "home: bankcard}\n  conduct", "home: sms}\n  conduct")
	report := run(t, files)
	var all []string
	for _, result := range report.Results {
		for _, failure := range result.Failures {
			all = append(all, result.Kind+" "+result.Place+" "+failure)
		}
	}
	for _, want := range []string{
		"cases cases/fields.yaml:13 address: shown (none) (zhengqiao.masks.usual), expected: withheld: assurance_too_low",
		"matrix matrix/suishenban.yaml:2 matrix/suishenban.yaml:20: suishenban, licence-business, licence.query, own region: address at sms: clear (zhengqiao.masks.usual), expected: hidden",
	} {
		if !slices.Contains(all, want) {
			t.Errorf("no failure %q in\n%s", want, strings.Join(all, "\n"))
		}
	}
	if report.Failed() == 0 {
		t.Error("nothing failed")
	}
}

// TestRegoFailureNamesTheCondition: a Rego test that fails says which line of it did not hold.
func TestRegoFailureNamesTheCondition(t *testing.T) {
	t.Parallel()
	files := authoringtest.Add(authoringtest.Shipped(t), "zz_test.rego",
		"package zhengqiao.zz_test\n\ntest_a if {\n\tdata.limits.vehicles == 10\n\tdata.limits.vehicles == 11\n}\n\ntodo_test_b if true\n")
	for _, result := range run(t, files).Results {
		switch result.Name {
		case "zhengqiao.zz_test.test_a":
			if want := []string{"zz_test.rego:5: does not hold: data.limits.vehicles == 11"}; !slices.Equal(result.Failures, want) {
				t.Errorf("failures %q, want %q", result.Failures, want)
			}
		case "zhengqiao.zz_test.todo_test_b":
			if len(result.Failures) == 0 {
				t.Error("a skipped test passed")
			}
		}
	}
}

// TestCoverageNamesLines: a rule that nothing asks is named with its lines.
func TestCoverageNamesLines(t *testing.T) {
	t.Parallel()
	files := authoringtest.Add(authoringtest.Shipped(t), "zz.rego", "package zhengqiao.zz\n\nidle if {\n\tinput.vehicles > 1\n}\n")
	report := run(t, files)
	for _, rule := range report.Rules {
		if rule.Rule == "zhengqiao.zz.idle" {
			if rule.String() != "zz.rego:3: zhengqiao.zz.idle: 0 %, not reached: 3 4" {
				t.Error(rule.String())
			}
			if report.Percent >= 100 {
				t.Errorf("%.1f %% reached", report.Percent)
			}
			return
		}
	}
	t.Error("the rule is not in the report")
}

func TestJUnit(t *testing.T) {
	t.Parallel()
	report := suite.Report{Results: []suite.Result{
		{Kind: suite.Rego, Name: "a"}, {Kind: suite.Cases, Name: "b", Place: "cases/x.yaml:3", Failures: []string{"allow: true, expected: false", "more <&>"}},
	}}
	var out bytes.Buffer
	if err := report.WriteJUnit(&out); err != nil {
		t.Fatal(err)
	}
	var read struct {
		Suites []struct {
			Name     string `xml:"name,attr"`
			Failures int    `xml:"failures,attr"`
			Cases    []struct {
				File    string `xml:"file,attr"`
				Failure string `xml:"failure"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(out.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	if len(read.Suites) != 3 || read.Suites[1].Failures != 1 || read.Suites[1].Cases[0].File != "cases/x.yaml:3" ||
		!strings.Contains(read.Suites[1].Cases[0].Failure, "more <&>") {
		t.Errorf("read back %+v from %s", read, out.String())
	}
}
