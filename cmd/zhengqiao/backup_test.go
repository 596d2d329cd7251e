package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestBackUpARunningGatewayAndRestore orders backups of a gateway that serves, brings them back beside a configuration with an empty
// journal, and holds what callers kept against what came back.
func TestBackUpARunningGatewayAndRestore(t *testing.T) {
	t.Parallel()
	dir, config := newWorld(t)
	if _, complaints, code := command(t, "", "keys", "new", "--dir", filepath.Join(dir, "keys"), "li"); code != 0 {
		t.Fatal(complaints)
	}
	replaceIn(t, config, "\noperators:\n", "\noperators:\n  - id: li\n    keys: [{id: li-1, public: file:keys/li.pub.pem}]\n")
	replaceIn(t, config, "\n  dir: journal\n", "\n  dir: journal\n  backup: backup\n")
	gateway := serveProcess(t, config)
	question, err := os.ReadFile(filepath.Join(dir, "questions", "normal-shanghai.licence.json"))
	if err != nil {
		t.Fatal(err)
	}
	var answers []string
	for range 2 {
		out, complaints, code := command(t, string(question), "call", "licence.query", "--config", config, "--as", "suishenban")
		if code != 0 {
			t.Fatal(complaints)
		}
		answers = append(answers, out)
		out, complaints, code = command(t, "", "backup", "--config", config, "--as", "li", "--reason", "before the upgrade")
		if code != 0 || !strings.Contains(out, "backed up and compared") {
			t.Fatalf("exit %d %s\n%s", code, out, complaints)
		}
	}
	if _, complaints, code := command(t, "", "backup", "--config", config); code != 1 || !strings.Contains(complaints, "--as OPERATOR") {
		t.Errorf("of a journal in use: exit %d %s", code, complaints)
	}
	if _, complaints, code := command(t, "", "restore", "--config", config, "--from", filepath.Join(dir, "backup")); code != 1 {
		t.Errorf("over a journal in use: exit %d %s", code, complaints)
	}
	if out, complaints, code := command(t, "", "ready", "--config", config, "--gateway", gateway.ops); code != 0 || !strings.Contains(out, "journal") {
		t.Errorf("ready: exit %d %s%s", code, out, complaints)
	}
	gateway.stop(t)
	checkRestored(t, dir, config, answers)
}

func checkRestored(t *testing.T, dir, config string, answers []string) {
	t.Helper()
	if _, complaints, code := command(t, "", "restore", "--config", config, "--from", filepath.Join(dir, "backup")); code != 1 || !strings.Contains(complaints, "nothing is ever written over") {
		t.Errorf("over what is there: exit %d %s", code, complaints)
	}
	replaceIn(t, config, "\n  dir: journal\n", "\n  dir: journal-restored\n")
	if out, complaints, code := command(t, "", "restore", "--config", config, "--from", filepath.Join(dir, "backup")); code != 0 || !strings.Contains(out, "restored and compared") {
		t.Fatalf("exit %d %s\n%s", code, out, complaints)
	}
	for i, answer := range answers {
		if out, complaints, code := command(t, answer, "records", "verify", "--config", config, "--receipt", "-"); code != 0 || strings.Contains(out, "NO ") {
			t.Errorf("answer %d: exit %d\n%s%s", i, code, out, complaints)
		}
	}
	if out, _, code := command(t, "", "records", "list", "--config", config); code != 0 || strings.Count(out, "operators.backup") != 2 {
		t.Errorf("the orders are not on record: exit %d\n%s", code, out)
	}
	serveProcess(t, config).stop(t)
	if out, complaints, code := command(t, "", "backup", "--config", config, "--to", filepath.Join(dir, "cold")); code != 0 || !strings.Contains(out, "backed up and compared") {
		t.Errorf("of a stopped gateway: exit %d %s%s", code, out, complaints)
	}
}
