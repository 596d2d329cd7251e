package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ownPolicies copies the shipped policy folder, for an author to work on.
func ownPolicies(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "policies")
	if err := os.CopyFS(dir, os.DirFS("../../policies")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func edit(t *testing.T, path, old, replacement string) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil || strings.Count(string(content), old) != 1 {
		t.Fatalf("%s has %q %d times, error %v", path, old, strings.Count(string(content), old), err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(content), old, replacement, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// says runs a policy command and wants its exit code and some words of what it prints.
func says(t *testing.T, stdin string, code int, words string, args ...string) string {
	t.Helper()
	out, complaint, got := program(t, []byte(stdin), append([]string{"policy"}, args...)...)
	if got != code || !strings.Contains(out+complaint, words) {
		t.Errorf("policy %v: exit %d, want %d with %q in\n%s%s", args, got, code, words, out, complaint)
	}
	return out
}

// TestPolicyAuthorsPath is the way of docs/policy-authors.md: a field is hidden from a purpose, the tests say what changes, the
// matrix is brought in line, and all is in order again.
func TestPolicyAuthorsPath(t *testing.T) {
	t.Parallel()
	dir := ownPolicies(t)
	says(t, "", 0, "in order", "check", dir)
	edit(t, filepath.Join(dir, "data", "purposes.yaml"), "cycleEnd, validUntil, longTerm, validity, nextInspection", "cycleEnd, validUntill, longTerm, validity, nextInspection")
	says(t, "", exitPolicy, `did you mean "validUntil"?`, "check", dir)
	edit(t, filepath.Join(dir, "data", "purposes.yaml"), "validUntill, ", "")
	says(t, "", 0, "in order", "check", dir)
	junit := filepath.Join(dir, "..", "junit.xml")
	says(t, "", exitPolicy, "reminder, licence.query, own region: validUntil at phone", "test", "--junit", junit, dir)
	if report, err := os.ReadFile(junit); err != nil || !strings.Contains(string(report), "<failure message=") {
		t.Errorf("JUnit report %s, error %v", report, err)
	}
	for _, platform := range []string{"suishenban", "zheliban", "suihaoban", "jiaoguan12123", "wechat-city", "thirdparty-mini"} {
		sheet := says(t, "", 0, "platform: "+platform, "matrix", "--format", "yaml", "--platform", platform, dir)
		if err := os.WriteFile(filepath.Join(dir, "matrix", platform+".yaml"), []byte(sheet), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	says(t, "", 0, "as the matrix says", "matrix", "--check", dir)
	says(t, "", exitPolicy, "cases/fields.yaml", "test", dir) // the case about reminders is yet to be changed
	edit(t, filepath.Join(dir, "cases", "fields.yaml"), "points: none, cycleEnd: none, validUntil: none, longTerm: none", "points: none, cycleEnd: none, longTerm: none")
	says(t, "", 0, "0 failed", "test", "--coverage-min", "99", dir)
}

func TestPolicyNewRule(t *testing.T) {
	t.Parallel()
	dir := ownPolicies(t)
	says(t, "", 0, "night_hours.rego", "new-rule", "night_hours", dir, "--zh", "夜间不办理。请白天办理。", "--en", "Not at night. Ask by day.")
	says(t, "", 0, "in order", "check", dir)
	says(t, "", 0, "", "fmt", "--check", dir)
	out := says(t, "{purpose: {matter: example-night_hours}}", 0, "REFUSED", "eval", "--persona", "normal-shanghai", "--input", "-", dir)
	for _, want := range []string{"night_hours_refused", "夜间不办理", "zhengqiao.night_hours.accepted", "not barred"} {
		if !strings.Contains(out, want) {
			t.Errorf("eval doesn't say %s: %s", want, out)
		}
	}
	says(t, "", 1, "is there already", "new-rule", "night_hours", dir)
	edit(t, filepath.Join(dir, "night_hours.rego"), "accepted if not barred", "accepted   if not barred")
	says(t, "", exitPolicy, "night_hours.rego", "fmt", "--check", dir)
	says(t, "", 0, "night_hours.rego", "fmt", "--write", dir)
	says(t, "", 0, "", "fmt", "--check", dir)
	says(t, "", 0, "0 survived;", "mutate", "--only", "night_hours", dir)
}

func TestPolicyEval(t *testing.T) {
	t.Parallel()
	dir := ownPolicies(t)
	const account = "{authentications: [{method: account, at: 60}], wanted: [points, phone]}"
	out := says(t, account, 0, "ALLOWED", "eval", "--persona", "normal-shanghai", "--input", "-", dir)
	for _, want := range []string{"points", "phone: assurance_too_low", "table.ranks[request.level] >= lowest(request, field)  fields.rego:", "身份认证强度不足"} {
		if !strings.Contains(out, want) {
			t.Errorf("eval doesn't say %s: %s", want, out)
		}
	}
	says(t, account, 0, `"code": "assurance_too_low"`, "eval", "--json", "--persona", "normal-shanghai", "--input", "-", dir)
	says(t, "{plattform: x}", 1, "plattform", "eval", "--input", "-", dir)
	says(t, `{"now": 1, "platfrom": "x"}`, 1, "platfrom", "eval", "--input", "-", dir)
	says(t, "", 1, "there is no persona", "eval", "--persona", "nobody", dir)
	says(t, "", 1, "at least one of the flags", "eval", dir)
	says(t, "", 1, "holds no policies", "check", t.TempDir())
}
