package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/policies/shadow"
)

// recordedRun is a gateway that two platforms have asked, with a narrower candidate in the shadow of its policies.
type recordedRun struct {
	config, same, narrower, wider string
	answered, refused             string // ids of decisions
	gateway                       *served
}

// newRecordedRun asks 随申办's question as it should be asked, and once by a phone number alone.
func newRecordedRun(t *testing.T) *recordedRun {
	t.Helper()
	dir, config := newWorld(t)
	r := &recordedRun{config: config, same: ownPolicies(t), narrower: ownPolicies(t), wider: ownPolicies(t)}
	const granted = "    purposes:\n      self-query: {home: account, away: bankcard}"
	edit(t, filepath.Join(r.narrower, "data", "platforms.yaml"), granted, "    fields: [status, name]\n"+granted)
	edit(t, filepath.Join(r.wider, "data", "platforms.yaml"), granted, strings.Replace(granted, "account", "phone", 1))
	if _, complaints, code := program(t, nil, "keys", "new", "--dir", filepath.Join(dir, "keys"), "li"); code != 0 {
		t.Fatal(complaints)
	}
	replaceIn(t, config, "\noperators:\n", "\noperators:\n  - id: li\n    keys: [{id: li-1, public: file:keys/li.pub.pem}]\n")
	appendTo(t, config, "\npolicies: {shadow: {dir: "+r.narrower+", maxCpu: 1}}\ndecisions: {contact: {zh: 政桥运维组, en: operations}}\n")
	r.gateway = serveProcess(t, config)
	question, err := os.ReadFile(filepath.Join(dir, "questions", "normal-shanghai.licence.json"))
	if err != nil {
		t.Fatal(err)
	}
	r.answered = r.ask(t, question, 0)
	r.refused = r.ask(t, bytes.Replace(question, []byte(`"face"`), []byte(`"phone"`), 1), exitProblem)
	return r
}

func (r *recordedRun) ask(t *testing.T, question []byte, want int) string {
	t.Helper()
	out, complaints, code := command(t, string(question), "call", "licence.query", "--config", r.config, "--as", "suishenban")
	var read struct{ Decision struct{ ID string } }
	if err := json.Unmarshal([]byte(out), &read); err != nil || code != want || read.Decision.ID == "" {
		t.Fatalf("exit %d, %v\n%s%s", code, err, out, complaints)
	}
	return read.Decision.ID
}

// run runs a command, wants its exit code and some words of what it prints, and gives its output.
func (r *recordedRun) run(t *testing.T, code int, words string, args ...string) string {
	t.Helper()
	out, complaints, got := command(t, "", append(args, "--config", r.config)...)
	if got != code || !strings.Contains(out+complaints, words) {
		t.Errorf("%v: exit %d, want %d with %q in\n%s%s", args, got, code, words, out, complaints)
	}
	return out
}

// TestRecordedDecisionsAreExplainedAndReplayed goes the way of a platform that asks why, and of an author who asks what would be if: with
// the gateway running, from an export, and from the journal of the stopped gateway.
func TestRecordedDecisionsAreExplainedAndReplayed(t *testing.T) {
	t.Parallel()
	r := newRecordedRun(t)
	told := r.run(t, 0, "assurance_too_low", "call", "decisions.read", "--id", r.refused, "--as", "suishenban")
	if !strings.Contains(told, `"kind": "assurance"`) || !strings.Contains(told, "政桥运维组") || !strings.Contains(told, `"allows": true`) {
		t.Errorf("the account lacks the way out or the contact:\n%s", told)
	}
	r.run(t, exitProblem, "not-found", "call", "decisions.read", "--id", r.refused, "--as", "zheliban")
	r.run(t, exitWidens, "Somebody would see more", "policy", "impact", r.wider, "--as", "li")
	export := filepath.Join(t.TempDir(), "inputs.jsonl")
	r.run(t, 0, "2 inputs", "policy", "inputs", "export", "--as", "li", "--out", export)
	r.run(t, exitChanges, "points", "policy", "impact", r.narrower, "--inputs", export)
	r.shadowed(t)
	r.gateway.stop(t)
	r.offline(t)
}

// shadowed waits until the candidate was asked about both requests; it is asked behind their answers.
func (r *recordedRun) shadowed(t *testing.T) {
	t.Helper()
	for range 100 {
		out, complaints, code := command(t, "", "policy", "shadow", "--json", "--as", "li", "--config", r.config)
		var report shadow.Report
		if err := json.Unmarshal([]byte(out), &report); err != nil {
			t.Fatalf("exit %d, %v\n%s%s", code, err, out, complaints)
		}
		if report.Changed+report.Same+report.Failed+report.Skipped < 2 {
			continue
		}
		if code != exitChanges || report.Changed != 1 || len(report.Latest) != 1 || report.Latest[0].ID != r.answered || time.Since(report.Since) < 0 {
			t.Errorf("exit %d: %s", code, out)
		}
		return
	}
	t.Error("the candidate was not asked")
}

// offline reads the journal of the stopped gateway.
func (r *recordedRun) offline(t *testing.T) {
	t.Helper()
	r.run(t, 0, "Nothing would change", "policy", "impact", r.same)
	report := r.run(t, exitWidens, "看到更多", "policy", "impact", r.wider, "--format", "markdown", "--platform", "suishenban")
	if !strings.Contains(report, r.refused) || strings.Contains(report, r.answered) {
		t.Errorf("the report names other decisions than the one that opens:\n%s", report)
	}
	explained := r.run(t, 0, "assurance_too_low", "policy", "explain", r.refused)
	for _, want := range []string{"assurance.rego:", `"case": "***"`, "REFUSED"} {
		if !strings.Contains(explained, want) {
			t.Errorf("explained without %q:\n%s", want, explained)
		}
	}
	r.run(t, 1, "has no decision", "policy", "explain", "019dbf3c-6a1c-7d0e-9a55-0d5f3b1f6f10")
	r.run(t, 1, "is no format", "policy", "impact", r.same, "--format", "pdf")
	r.run(t, 1, "--since", "policy", "impact", r.same, "--since", "last week")
}

// TestAnExportIsTakenWhole: no default selects from a file, what is given does, and of nothing nothing is proven.
func TestAnExportIsTakenWhole(t *testing.T) {
	t.Parallel()
	export, same := filepath.Join(t.TempDir(), "inputs.jsonl"), ownPolicies(t)
	line := `{"id":"a","at":"2020-11-24T04:00:00Z","operation":"licence.query","platform":"suishenban","region":"310000"}` + "\n"
	if err := os.WriteFile(export, []byte(line+strings.Replace(line, "2020", "2999", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		more  []string
		code  int
		words string
	}{
		{nil, 0, "2 decisions, 2 replayed"},
		{[]string{"--since", "2021-01-01"}, 0, "1 decisions, 1 replayed"},
		{[]string{"--until", "2021-01-01"}, 0, "1 decisions, 1 replayed"},
		{[]string{"--since", "7d", "--until", "2026-01-01"}, exitChanges, "no decisions to replay"},
		{[]string{"--platform", "suishenbann"}, exitChanges, "no decisions to replay"},
	} {
		args := append([]string{"policy", "impact", same, "--baseline", same, "--inputs", export}, c.more...)
		out, complaints, code := command(t, "", args...)
		if code != c.code || !strings.Contains(out+complaints, c.words) {
			t.Errorf("%v: exit %d, want %d with %q in\n%s%s", c.more, code, c.code, c.words, out, complaints)
		}
	}
}

func TestMomentsAreReadInEachForm(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"7d": now.AddDate(0, 0, -7), "90m": now.Add(-90 * time.Minute), "2026-11-24": time.Date(2026, 11, 23, 16, 0, 0, 0, time.UTC),
		"2026-11-01T00:00:00Z": time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
	} {
		if got, err := momentOf(text, now); err != nil || !got.Equal(want) {
			t.Errorf("%s: %s, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "-1d", "7", "yesterday", "-5m", "99999d"} {
		if got, err := momentOf(text, now); err == nil {
			t.Errorf("%q was read as %s", text, got)
		}
	}
}
