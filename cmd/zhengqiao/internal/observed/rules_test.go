package observed_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// ruleFile is a file of rules as Prometheus reads it.
type ruleFile struct {
	Groups []struct {
		Name  string `yaml:"name"`
		Rules []struct {
			Alert       string            `yaml:"alert"`
			Record      string            `yaml:"record"`
			Expr        string            `yaml:"expr"`
			For         string            `yaml:"for"`
			Labels      map[string]string `yaml:"labels"`
			Annotations map[string]string `yaml:"annotations"`
		} `yaml:"rules"`
	} `yaml:"groups"`
}

// TestAlertsAreForPeople holds each alert to a severity, a summary in both languages and a page of the runbook that is there, and to a
// firing and a silent case.
func TestAlertsAreForPeople(t *testing.T) {
	t.Parallel()
	runbook, err := os.ReadFile(root + "docs/runbook.md")
	if err != nil {
		t.Fatal(err)
	}
	anchors := map[string]bool{}
	for _, heading := range regexp.MustCompile("(?m)^### (Zhengqiao[A-Za-z]+)$").FindAllStringSubmatch(string(runbook), -1) {
		anchors[strings.ToLower(heading[1])] = true
	}
	cases, alerts := readAll(t, "tests"), 0
	for _, text := range files(t, "rules") {
		var file ruleFile
		if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
			t.Fatal(err)
		}
		for _, group := range file.Groups {
			for _, rule := range group.Rules {
				if rule.Alert == "" {
					continue
				}
				alerts++
				_, anchor, _ := strings.Cut(rule.Annotations["runbook_url"], "docs/runbook.md#")
				if !anchors[anchor] || anchor != strings.ToLower(rule.Alert) {
					t.Errorf("%s: the runbook has no page %q", rule.Alert, anchor)
				}
				delete(anchors, anchor)
				if severity := rule.Labels["severity"]; severity != "page" && severity != "ticket" {
					t.Errorf("%s: severity %q", rule.Alert, severity)
				}
				if !regexp.MustCompile(`\p{Han}`).MatchString(rule.Annotations["summary_zh"]) || rule.Annotations["summary_en"] == "" {
					t.Errorf("%s lacks a summary in zh or en", rule.Alert)
				}
				for _, want := range []string{" fires\n", " is silent\n"} {
					if !strings.Contains(cases, "- name: "+rule.Alert+want) {
						t.Errorf("%s: no case that it%s", rule.Alert, strings.TrimSuffix(want, "\n"))
					}
				}
			}
		}
	}
	if alerts < 20 {
		t.Errorf("only %d alerts", alerts)
	}
	for anchor := range anchors {
		t.Errorf("the runbook has %s, which is no alert", anchor)
	}
}

// TestPromtool lets Prometheus' own tool check the rules and run their cases.
func TestPromtool(t *testing.T) {
	t.Parallel()
	promtool := program(t, "promtool")
	for _, arguments := range [][]string{
		append([]string{"check", "rules"}, paths(t, "rules")...),
		append([]string{"test", "rules"}, paths(t, "tests")...),
		{"check", "config", root + "deploy/prometheus/prometheus.yml"},
	} {
		if out, err := exec.CommandContext(t.Context(), promtool, arguments...).CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(arguments[:2], " "), err, out)
		}
	}
}

func paths(t *testing.T, folder string) []string {
	t.Helper()
	found, err := filepath.Glob(root + "deploy/prometheus/" + folder + "/*.yaml")
	if err != nil || len(found) == 0 {
		t.Fatalf("no files in %s: %v", folder, err)
	}
	return found
}

func files(t *testing.T, folder string) (all [][]byte) {
	t.Helper()
	for _, path := range paths(t, folder) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	return all
}

func readAll(t *testing.T, folder string) string {
	t.Helper()
	return string(bytes.Join(files(t, folder), nil))
}
