package app_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
)

// checked gives what a check says about the demo's configuration after some edits. %DIR% in an edit is its folder.
func checked(t *testing.T, edits ...string) (warnings []string, dir string, err error) {
	t.Helper()
	dir = t.TempDir()
	w, err := demo.NewWorld(dir, "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	text, err := os.ReadFile(w.ConfigPath())
	if err != nil {
		t.Fatal(err)
	}
	edited := string(text)
	for i := 0; i < len(edits); i += 2 {
		if !strings.Contains(edited, edits[i]) {
			t.Fatalf("the configuration has no %s", edits[i])
		}
		edited = strings.Replace(edited, edits[i], strings.ReplaceAll(edits[i+1], "%DIR%", dir), 1)
	}
	if err := os.WriteFile(w.ConfigPath(), []byte(edited), 0o600); err != nil {
		t.Fatal(err)
	}
	settings, err := config.Load(w.ConfigPath(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "keys", "exposed.key"), []byte("00112233445566778899aabbccddeeff"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "bare"), 0o700); err != nil {
		t.Fatal(err)
	}
	warnings, err = app.Check(settings)
	return warnings, dir, err
}

func TestCheckFindsNothingInTheDemo(t *testing.T) {
	t.Parallel()
	if warnings, _, err := checked(t); err != nil || len(warnings) > 0 {
		t.Errorf("%v, %v", warnings, err)
	}
}

// fault is an edit and what a check must say about it; "line L" stands for any line.
type fault struct{ old, new, want string }

const allowed = "http: {allow: [127.0.0.0/8]}"

// TestCheckTells wants each fault with its line, the value that is wrong and what to do about it, and all of a file's at once.
func TestCheckTells(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string][]fault{
		"keys": {
			{"file:keys/zheliban.pub.pem", "file:keys/zheli.pub.pem", `line L: platforms\[1\].keys\[0\].public: .*no such file`},
			{"file:keys/gateway.key.pem", "file:keys/gw.key.pem", `line L: gateway.key: .*no such file`},
			{"sealKey: file:keys/seal.key", "sealKey: file:keys/exposed.key", `line L: records.sealKey: .*it has 0644; chmod 600 %DIR%/keys/exposed.key`},
			{"file:keys/tmri.serial", "file:keys/exposed.key", `line L: sources\[0\].settings.jkxlh: .*chmod 600 %DIR%/keys/exposed.key`},
			{"identity:", "tls: {certificate: a.pem, key: b.pem}\nidentity:", `line L: tls.key: .*no such file`},
			{"identity:", "policies: {dir: rules}\nidentity:", `line L: policies.dir: folder %DIR%/rules not found`},
		},
		"settings": {
			{"identity:", "tls: {certificate: a.pem, key: keys/exposed.key}\nidentity:", `line L: tls.key: .*chmod 600 %DIR%/keys/exposed.key`},
			{"identity:", "policies: {dir: bare}\nidentity:", `line L: policies.dir: folder %DIR%/bare holds no policies`},
			{"kind: tmri", "kind: tmrj", `line L: sources\[0\].kind: unknown kind "tmrj"; there are population, suihaoban, suishenban, tmri, zheliban`},
			{"      catMainCode:", "      catMainCod:", `\[\d+:\d+\] unknown field "catMainCod"`},
			{"suihaoban.token\n      " + allowed, "suihaoban.token\n      http: {timeout: 3}", `line L: "3": want a duration`},
			{"population.password\n      " + allowed, "population.password\n      http: {allow: [127.0.0.0]}", `line L: sources\[5\].settings.http.*allow\[0\]: want a network`},
		},
		"addresses and routes": {
			{"- id: suishenban\n    region: \"310000\"\n    encryption", "- id: suishenban\n    region: \"320000\"\n    encryption", `line L: platforms\[0\].region: 320000 here, but 310000 in the policies`},
			{"# Who is asked", "  - {id: zheli, region: \"330000\", keys: [{id: zheli-1, public: file:keys/zheliban.pub.pem}]}\n# Who is asked", `line L: platforms\[6\].id: the policies know no platform "zheli"; they know .*zheliban`},
			{"identity:", "tls: {certificate: keys/seal.key, key: keys/seal.key}\nidentity:", `line L: tls: load the TLS certificate`},
			{allowed, "http: {}", `line L: sources\[0\].settings.url: 127.0.0.1 is loopback; list its network under settings.http.allow`},
			{"suihaoban.token\n      " + allowed, "suihaoban.token\n      http: {allow: [10.0.0.0/8]}", `line L: sources\[4\].settings.url: 127.0.0.1 is in none of the networks`},
			{"zheliban.appsecret\n      " + allowed, "zheliban.appsecret\n      http: {proxy: \"http://127.0.0.1:1\"}", `line L: sources\[3\].settings.http.proxy: 127.0.0.1 is loopback`},
			{"identity: population", "identity: tmri", `line L: identity: source tmri does not check identities`},
			{`- {region: "000000", sources: [tmri]}`, `- {region: "000000", sources: [tmri, population]}`, `line L: routes\[3\].sources\[1\]: population offers none`},
			{`- {region: "440000", sources: [tmri, suihaoban]}`, `- {region: "440000", operations: [violations.query], sources: [suihaoban]}`, `line L: routes\[2\].operations\[0\]: none of the route's sources offers violations.query`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var edits []string
			for _, f := range faults {
				edits = append(edits, f.old, f.new)
			}
			_, dir, err := checked(t, edits...)
			for _, f := range faults {
				want := strings.NewReplacer("%DIR%", regexp.QuoteMeta(dir), "line L", `line \d+`).Replace(f.want)
				if err == nil || !regexp.MustCompile(want).MatchString(err.Error()) {
					t.Errorf("%s is missing in\n%v", want, err)
				}
			}
		})
	}
}

func TestCheckWarns(t *testing.T) {
	t.Parallel()
	warnings, _, err := checked(t, `- {region: "330000", sources: [tmri, zheliban, zheliban-sharing]}`, `- {region: "330000", sources: [zheliban]}`)
	if err != nil || len(warnings) != 4 || !strings.Contains(warnings[0], "coverage[2].channels[0].operations[1]: violations.query is told to be offered for 330000") {
		t.Errorf("%v\n%s", err, strings.Join(warnings, "\n"))
	}
}
