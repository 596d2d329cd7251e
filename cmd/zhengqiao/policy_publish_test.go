//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// signedWorld is a gateway's folder whose policies must be signed, with an author and two approvers.
func signedWorld(t *testing.T, source string) (dir, config string) {
	t.Helper()
	dir, config = newWorld(t)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"li.wei", "wang.fang", "zhao.min"} {
		if _, _, err := newKeyPair(filepath.Join(dir, "keys"), name); err != nil {
			t.Fatal(err)
		}
	}
	const person = "    - {id: %[1]s, keys: [{id: %[1]s-1, public: file:keys/%[1]s.pub.pem}]}\n"
	people := "\npolicies:\n  require: signed\n" + source + "  authors:\n" + fmt.Sprintf(person, "li.wei") + "  approvers:\n" + fmt.Sprintf(person, "wang.fang") + fmt.Sprintf(person, "zhao.min")
	if err := os.WriteFile(config, append(text, people...), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, config
}

// fewPolicies copies the shipped policies with few of their tests: what is tried out is tried out several times here.
func fewPolicies(t *testing.T) string {
	t.Helper()
	dir := ownPolicies(t)
	for _, pattern := range []string{"*_test.rego", "matrix/*", "cases/*"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			if name := filepath.Base(path); name == "base.yaml" || name == "fields.yaml" {
				continue
			}
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// hideValidUntil takes a field from a purpose; expectThat writes down what is then seen.
func hideValidUntil(t *testing.T, dir string) {
	t.Helper()
	edit(t, filepath.Join(dir, "data", "purposes.yaml"), "cycleEnd, validUntil, longTerm, validity, nextInspection", "cycleEnd, longTerm, validity, nextInspection")
}

func expectThat(t *testing.T, dir string) {
	t.Helper()
	edit(t, filepath.Join(dir, "cases", "fields.yaml"), "points: none, cycleEnd: none, validUntil: none, longTerm: none", "points: none, cycleEnd: none, longTerm: none")
}

// TestNovicePublishes is the whole way of somebody who never published: hide one field from one purpose, test, look at what it changes,
// have it approved, publish it to a running gateway, and undo it.
func TestNovicePublishes(t *testing.T) {
	t.Parallel()
	dir, config := signedWorld(t, "")
	policies := fewPolicies(t)
	bundle := filepath.Join(dir, "policies.bundle")
	sign := func(who string) []string {
		return []string{"--as", who, "--key", filepath.Join(dir, "keys", who+".key.pem")}
	}
	pack := append([]string{"pack", policies, "--note", "提醒服务不再显示有效期止", "--out", bundle}, sign("li.wei")...)

	hideValidUntil(t, policies)
	says(t, "", exitPolicy, "validUntil", "test", policies)
	says(t, "", exitPolicy, "not_in_order", pack...) // a draft whose tests fail is none
	expectThat(t, policies)
	revision := word(says(t, "", 0, "1 approval(s) needed", pack...), "revision")
	says(t, "", 1, "--baseline", "impact", policies, "--config", config)
	gateway := serveProcess(t, config)
	talk := func(who string) []string { return append(sign(who), "--config", config, "--gateway", gateway.ops) }
	says(t, "", exitProblem, "unsigned", append([]string{"publish", bundle}, talk("li.wei")...)...)
	says(t, "", exitPolicy, "self_approval", append([]string{"approve", bundle}, sign("li.wei")...)...)
	says(t, "", exitPolicy, "unsigned", "verify", bundle, "--config", config)
	says(t, "", exitPolicy, "--base", append([]string{"approve", bundle, "--base", policies}, sign("wang.fang")...)...)
	says(t, "", 0, "wang.fang", append([]string{"approve", bundle}, sign("wang.fang")...)...)
	says(t, "", 0, "signatures in order", "verify", bundle, "--config", config)
	says(t, "", 0, "in force: "+revision, append([]string{"publish", bundle}, talk("li.wei")...)...)
	gateway.await(t, "policies in force", &struct{}{})
	says(t, "", 0, revision, append([]string{"revisions"}, talk("wang.fang")...)...)
	says(t, "", exitProblem, "unknown_signer", append([]string{"rollback", "--reason", "作者不能撤回"}, talk("li.wei")...)...)
	says(t, "", 0, "in force again: the policies that the gateway starts with", append([]string{"rollback", "--reason", "市民看不到有效期"}, talk("wang.fang")...)...)
	gateway.await(t, "policies in force", &struct{}{})
	says(t, "", exitProblem, "older", append([]string{"publish", bundle}, talk("li.wei")...)...)
	gateway.stop(t)
	records, complaint, code := program(t, nil, "records", "list", "--config", config, "--from", "0", "--count", "20")
	for _, want := range []string{"policies.publish", "policies.rollback", "policies.activate"} {
		if !strings.Contains(records, want) {
			t.Errorf("not on record: %s; exit %d, %s%s", want, code, records, complaint)
		}
	}
}

// word gives what stands behind a name at the beginning of a line.
func word(out, name string) string {
	for line := range strings.Lines(out) {
		if rest, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// TestSignedFile: a bundle in a watched file comes into force and survives a restart; one that widens by one approval alone does not, and
// raises the alarm metric while the last good ones serve.
func TestSignedFile(t *testing.T) {
	t.Parallel()
	dir, config := signedWorld(t, "  source: {file: watched.bundle, every: 1s}\n")
	policies, bundle := fewPolicies(t), filepath.Join(dir, "watched.bundle")
	sign := func(who string) []string {
		return []string{"--as", who, "--key", filepath.Join(dir, "keys", who+".key.pem")}
	}
	hideValidUntil(t, policies)
	expectThat(t, policies)
	draft := filepath.Join(dir, "draft.bundle")
	revision := word(says(t, "", 0, "draft", append([]string{"pack", policies, "--note", "less", "--out", draft}, sign("li.wei")...)...), "revision")
	says(t, "", 0, "", append([]string{"approve", draft, "--out", bundle}, sign("zhao.min")...)...)
	gateway := serveProcess(t, config)
	var inForce struct{ Revision string }
	gateway.await(t, "policies in force", &inForce)
	gateway.stop(t)
	if inForce.Revision != revision {
		t.Errorf("in force %s, want %s", inForce.Revision, revision)
	}
	edit(t, filepath.Join(policies, "data", "providers.yaml"), "providers:\n", "providers:\n  alipay: {zh: 支付宝, en: Alipay, passOrFail: [face]}\n")
	says(t, "", 0, "2 approval(s) needed", append([]string{"pack", policies, "--note", "more", "--out", draft}, sign("li.wei")...)...)
	says(t, "", 0, "", append([]string{"approve", draft, "--out", bundle}, sign("zhao.min")...)...)
	gateway = serveProcess(t, config)
	var refused struct{ Error string }
	gateway.await(t, "policies of the source did not come into force", &refused)
	if !strings.Contains(refused.Error, "not_approved") {
		t.Errorf("refused: %s", refused.Error)
	}
	metrics := get(t, gateway.ops+"/metrics")
	for _, want := range []string{`zhengqiao_policy_activation_failures_total{reason="not_approved"} 1`, `zhengqiao_policy_revision_info{revision="` + revision + `"} 1`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	gateway.stop(t)
}
