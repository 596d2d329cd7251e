package app_test

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/gateway/policydesk"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
	"github.com/zhengqiao/zhengqiao/policies"
)

// A reload reads the candidate in the shadow anew. What was found beside it stays while it is the same; one that doesn't build is refused,
// and the last one goes on.
func TestReloadReadsTheCandidate(t *testing.T) {
	t.Parallel()
	var rule string
	s := newReloadStage(t, func(dir, text string) string {
		rule = filepath.Join(dir, "candidate", "region.rego")
		if err := os.CopyFS(filepath.Dir(rule), policies.Embedded()); err != nil {
			t.Fatal(err)
		}
		return text + "\npolicies: {shadow: {dir: candidate}}\n"
	})
	first, since := s.Candidate()
	for _, step := range []struct {
		name, more  string
		good, other bool
	}{
		{"as it was", "", true, false},
		{"a rule that does not build", "\nnonsense :=\n", false, false},
		{"another one", "\n# another remark\n", true, true},
	} {
		content, err := os.ReadFile(rule)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(rule, append(content, step.more...), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err = s.Reload()
		if (err == nil) != step.good || err != nil && !strings.Contains(err.Error(), "policies.shadow") {
			t.Errorf("%s: %v", step.name, err)
		}
		if now, from := s.Candidate(); (now != first) != step.other || from.After(since) != step.other {
			t.Errorf("%s: revision %.8s since %v, it was %.8s since %v", step.name, now, from, first, since)
		}
		if !step.good {
			if err := os.WriteFile(rule, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Signed policies come from their source, which a reload has looked at.
func TestReloadHurriesSignedPolicies(t *testing.T) {
	t.Parallel()
	s := newReloadStage(t, func(dir, text string) string {
		for _, name := range []string{"li.wei", "wang.fang", "zhao.min"} {
			key, err := smcrypto.GenerateKey(rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "keys", name)
			if err := keys.WritePair(key, path+".key.pem", path+".pub.pem"); err != nil {
				t.Fatal(err)
			}
		}
		person := func(name string) string {
			return fmt.Sprintf("{id: %[1]s, keys: [{id: %[1]s-1, public: 'file:keys/%[1]s.pub.pem'}]}", name)
		}
		return text + fmt.Sprintf("\npolicies: {require: signed, authors: [%s], approvers: [%s, %s]}\n", person("li.wei"), person("wang.fang"), person("zhao.min"))
	})
	if s.Hurried() {
		t.Error("hurried before any reload")
	}
	if _, err := s.Reload(); err != nil {
		t.Fatal(err)
	}
	if !s.Hurried() {
		t.Error("a reload did not have the source looked at")
	}
	s.write(t, strings.ReplaceAll(s.text, "keyId: gateway-1", "keyId: gateway-2"))
	if _, err := s.Reload(); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get(s.OpsURL() + policydesk.Prefix)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if by := answer.Header.Get("Signature-Input"); !strings.Contains(by, "gateway-2") {
		t.Errorf("after a reload with another key the policy desk signs by %q", by)
	}
}
