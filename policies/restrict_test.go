package policies_test

import (
	"crypto/sha256"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/policies"
)

// TestForbiddenBuiltins: what reaches outside, depends on the moment or on chance, or makes much out of little doesn't compile.
func TestForbiddenBuiltins(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]string{
		"http.send":                      `http.send({"method": "GET", "url": "http://example.com"})`,
		"net.lookup_ip_addr":             `net.lookup_ip_addr("example.com")`,
		"net.cidr_expand":                `net.cidr_expand("10.0.0.0/8")`,
		"opa.runtime":                    `opa.runtime()`,
		"rand.intn":                      `rand.intn("a", 3)`,
		"time.now_ns":                    `time.now_ns()`,
		"bits.lsh":                       `bits.lsh(1, 1000000000)`,
		"units.parse":                    `units.parse("1e9")`,
		"units.parse_bytes":              `units.parse_bytes("1GB")`,
		"uuid.rfc4122":                   `uuid.rfc4122("a")`,
		"io.jwt.decode":                  `io.jwt.decode("a.b.c")`,
		"io.jwt.decode_verify":           `io.jwt.decode_verify("a.b.c", {"secret": "s"})`,
		"numbers.range":                  `numbers.range(1, 1000000000)`,
		"rego.parse_module":              `rego.parse_module("a", "package a")`,
		"regex.globs_match":              `regex.globs_match("a*", "b*")`,
		"crypto.x509.parse_certificates": `crypto.x509.parse_certificates("")`,
		"trace":                          `trace("a")`,
		"print":                          `print("a")`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refusesToLoad(t, "zz_extra.rego", "package zhengqiao.extra\n\nbad if {\n\t"+call+"\n}\n", name)
		})
	}
}

// TestFaultyPolicies: a fault names its file and what is wrong.
func TestFaultyPolicies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ path, content, says string }{
		"misspelt input":       {"zz.rego", "package zhengqiao.extra\n\nbad if input.platfrom == \"a\"\n", "platfrom"},
		"misspelt purpose":     {"zz.rego", "package zhengqiao.extra\n\nbad if input.purpose.basis == \"a\"\n", "basis"},
		"unknown reason":       {"zz.rego", "package zhengqiao.extra\n\nbad := {\"code\": \"no_such_reason\", \"rule\": \"r\"}\n", "no_such_reason"},
		"old syntax":           {"zz.rego", "package zhengqiao.extra\n\nbad { true }\n", "zz.rego:3"},
		"unused variable":      {"zz.rego", "package zhengqiao.extra\n\nbad if { x := 1 }\n", "zz.rego:3"},
		"table asks the input": {"zz.rego", "package zhengqiao.table\n\nbad if input.platform == \"a\"\n", "must not depend on input"},
		"table asks through":   {"zz.rego", "package zhengqiao.table\n\nbad := data.zhengqiao.region.terms\n", "must not depend on input"},
		"broken data":          {"data/zz.yaml", "\na: [1\n", "data/zz.yaml:2: "},
		"data key no text":     {"data/zz.yaml", "\n310000: 1\n", "data/zz.yaml:2: "},
		"data in itself":       {"data/zz.yaml", "zz: &a [*a]\n", "data/zz.yaml:1: "},
		"data key twice":       {"data/zz.yaml", "\nplatforms: {}\n", "data/zz.yaml:2: \"platforms\""},
		"data no object":       {"data/zz.yaml", "- 1\n", "data/zz.yaml"},
		"reason without text":  {"data/reasons.yaml", "reasons: {unknown_platform: {zh: 没有, en: \"\"}}\n", "unknown_platform"},
		"no reasons":           {"data/reasons.yaml", "# Nothing.\n", "no data file has reasons"},
		"two documents":        {"data/zz.yaml", "# One.\n---\nlimits: {}\n---\nc: 1\n", "data/zz.yaml:2: "},
		"reason missing":       {"data/reasons.yaml", "reasons: {}\n", "is not in the catalogue"},
		"broken schema":        {"schema/input.json", "{", "schema/input.json"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refusesToLoad(t, c.path, c.content, c.says)
		})
	}
}

func refusesToLoad(t *testing.T, path, content, says string) {
	t.Helper()
	_, err := policies.New(changed(t, map[string]string{path: content}), policies.Options{NewHash: sha256.New})
	if err == nil {
		t.Fatal("loaded")
	}
	if !strings.Contains(err.Error(), says) {
		t.Errorf("error %q doesn't say %q", err, says)
	}
}

func TestNewNeedsAHash(t *testing.T) {
	t.Parallel()
	if _, err := policies.New(policies.Embedded(), policies.Options{}); err == nil {
		t.Error("made an engine that cannot name its revision")
	}
}
