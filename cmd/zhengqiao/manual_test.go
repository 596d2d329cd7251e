//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestManualsSteps runs the shell lines of the manual's walk as they stand there, but on free ports, with the test binary in the place
// of the program.
func TestManualsSteps(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	wrapper := fmt.Sprintf("#!/bin/sh\n%s=1 exec %q \"$@\"\n", asProgram, testBinary(t))
	if err := os.WriteFile(filepath.Join(dir, "zhengqiao"), []byte(wrapper), 0o700); err != nil {
		t.Fatal(err)
	}
	lines := "set -eu\n" + shellLines(t, "../../docs/configuration.md", "A gateway with stand-ins") + "kill $(jobs -p)\nwait\n"
	listen, ops := freeAddress(t), freeAddress(t)
	for old, new := range map[string]string{
		"127.0.0.1:9201": freeAddress(t), "127.0.0.1:9090": ops, "127.0.0.1:8080": listen,
		"zhengqiao.yaml <<'YAML'\n": "zhengqiao.yaml <<'YAML'\nlisten: " + listen + "\nopsListen: " + ops + "\n",
	} {
		if !strings.Contains(lines, old) {
			t.Fatalf("the manual has no %s", old)
		}
		lines = strings.ReplaceAll(lines, old, new)
	}
	shell := exec.CommandContext(t.Context(), "bash", "-c", lines)
	shell.Dir, shell.Env = dir, append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"))
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // so that what it started in the background ends with it
	t.Cleanup(func() { _ = syscall.Kill(-shell.Process.Pid, syscall.SIGKILL) })
	var out bytes.Buffer
	shell.Stdout, shell.Stderr = &out, &out
	if err := shell.Run(); err != nil || !strings.Contains(out.String(), `"points": 3`) || strings.Contains(out.String(), "warning:") {
		t.Errorf("%v\n%s\n%s", err, lines, out.String())
	}
}

// shellLines gives the shell blocks of one section.
func shellLines(t *testing.T, path, heading string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## "+heading)
	if !found {
		t.Fatalf("%s has no section %s", path, heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var lines strings.Builder
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(section, -1) {
		lines.WriteString(block[1])
	}
	return lines.String()
}

func testBinary(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// freeAddress gives an address that nobody listened on a moment ago.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// TestManualNamesMetricsAndProblems holds the manual for operators against a running gateway and the catalogue.
func TestManualNamesMetricsAndProblems(t *testing.T) {
	t.Parallel()
	manual := readDocuments(t, "../../docs/operations.md", "../../docs/metrics.md")
	catalogue, err := os.ReadFile("../../specs/problems.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir, config := newWorld(t)
	gateway := serveProcess(t, config)
	question, err := os.ReadFile(filepath.Join(dir, "questions", "normal-shanghai.licence.json"))
	if err != nil {
		t.Fatal(err)
	}
	program(t, question, "call", "licence.query", "--config", config, "--as", "suishenban")
	metrics := regexp.MustCompile(`(?m)^# HELP (zhengqiao_\S+)`).FindAllStringSubmatch(get(t, gateway.ops+"/metrics"), -1)
	codes := regexp.MustCompile(`(?m)^([a-z-]+):$`).FindAllStringSubmatch(string(catalogue), -1)
	checks := regexp.MustCompile(`(?m)^(\S+) ok$`).FindAllStringSubmatch(get(t, gateway.ops+"/readyz"), -1)
	if len(metrics) < 8 || len(codes) < 30 || len(checks) < 3 {
		t.Errorf("only %d metrics, %d codes and %d checks were looked at", len(metrics), len(codes), len(checks))
	}
	for _, name := range slices.Concat(metrics, codes, checks) {
		if !bytes.Contains(manual, []byte("`"+name[1]+"`")) {
			t.Errorf("neither docs/operations.md nor docs/metrics.md names %s", name[1])
		}
	}
	gateway.stop(t)
}

func readDocuments(t *testing.T, paths ...string) (all []byte) {
	t.Helper()
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text...)
	}
	return all
}

func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
