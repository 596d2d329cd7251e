package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
)

// asProgram is the environment variable that makes the test binary behave as the program, so that signals and exit codes are real.
const asProgram = "TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" || rehearsing() {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// program runs the program to its end.
func program(t *testing.T, stdin []byte, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], args...)
	command.Env = append(os.Environ(), asProgram+"=1")
	var out, complaints bytes.Buffer
	command.Stdin, command.Stdout, command.Stderr = bytes.NewReader(stdin), &out, &complaints
	err := command.Run()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	return out.String(), complaints.String(), command.ProcessState.ExitCode()
}

// served is a gateway in a process of its own.
type served struct {
	command *exec.Cmd
	output  *bufio.Reader
	ops     string // base URL of health and metrics
}

// startServe starts a gateway and does not wait for it.
func startServe(t *testing.T, config string) *served {
	t.Helper()
	s := &served{command: exec.Command(os.Args[0], "serve", "--config", config)}
	s.command.Env = append(os.Environ(), asProgram+"=1", "ZHENGQIAO_LOG_LEVEL=info")
	output, err := s.command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.command.Process.Kill() })
	s.output = bufio.NewReader(output)
	return s
}

// serveProcess starts a gateway and waits until it takes requests.
func serveProcess(t *testing.T, config string) *served {
	t.Helper()
	s := startServe(t, config)
	var serving struct{ URL, Ops string }
	s.await(t, `"serving"`, &serving)
	if err := demo.AwaitReady(t.Context(), serving.Ops); err != nil {
		t.Fatal(err)
	}
	s.ops = serving.Ops
	return s
}

// await reads log lines until one holds text, and decodes it.
func (s *served) await(t *testing.T, text string, into any) {
	t.Helper()
	for last := ""; ; {
		line, err := s.output.ReadString('\n')
		if err != nil {
			t.Fatalf("the gateway ended without saying %s: %v; lastly: %s%s", text, err, last, line)
		}
		last = line
		if strings.Contains(line, text) {
			if err := json.Unmarshal([]byte(line), into); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
}

// stop ends the gateway by a signal, as an init system does, and wants it gone in time with exit code 0.
func (s *served) stop(t *testing.T) {
	t.Helper()
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	overdue := time.AfterFunc(10*time.Second, func() { _ = s.command.Process.Kill() })
	defer overdue.Stop()
	_, _ = io.Copy(io.Discard, s.output)
	if err := s.command.Wait(); err != nil {
		t.Errorf("the gateway did not end well within 10 s: %v", err)
	}
}

func newWorld(t *testing.T) (dir, config string) {
	t.Helper()
	dir = t.TempDir()
	world, err := demo.NewWorld(dir, "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = world.Close() })
	// A machine that is busy with other tests must not look like a slow source.
	appendTo(t, world.ConfigPath(), "\nlimits: {decision: 20s, budget: 20s}\n")
	return dir, world.ConfigPath()
}

func TestServeCallStop(t *testing.T) {
	t.Parallel()
	dir, config := newWorld(t)
	gateway := serveProcess(t, config)
	question, err := os.ReadFile(filepath.Join(dir, "questions", "normal-shanghai.licence.json"))
	if err != nil {
		t.Fatal(err)
	}
	out, complaints, code := program(t, question, "call", "licence.query", "--config", config, "--as", "suishenban", "--explain")
	if code != 0 || !strings.Contains(out, `"points": 3`) || !strings.Contains(complaints, `"@signature-params"`) {
		t.Errorf("call: exit %d\n%s\n%s", code, out, complaints)
	}
	if out, _, code := program(t, nil, "call", "capabilities", "--config", config, "--as", "wechat-city"); code != 0 || !strings.Contains(out, `"weekly"`) {
		t.Errorf("capabilities: exit %d\n%s", code, out)
	}
	if _, _, code := program(t, []byte("{}"), "call", "licence.query", "--config", config, "--as", "suishenban"); code != exitProblem {
		t.Errorf("a question that is none: exit %d", code)
	}
	if _, _, code := program(t, question, "call", "licence.query", "--config", config, "--as", "suishenban", "--gateway-key", "keys/zheliban.pub.pem"); code != exitUntrusted {
		t.Errorf("an answer that is not provably the gateway's: exit %d", code)
	}
	if err := gateway.command.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	gateway.await(t, `"reloaded"`, &struct{}{})
	gateway.stop(t)
}

func TestCallWithNothingButOpensslAndCurl(t *testing.T) {
	t.Parallel()
	dir, config := newWorld(t)
	gateway := serveProcess(t, config)
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	listen := regexp.MustCompile(`(?m)^listen: (\S+)$`).FindSubmatch(text)[1]
	keys := filepath.Join(dir, "keys")
	script := exec.CommandContext(t.Context(), "../../scripts/call-with-openssl.sh", "--key", filepath.Join(keys, "suishenban.key.pem"),
		"--keyid", "suishenban-1", "--gateway-key", filepath.Join(keys, "gateway.pub.pem"), "--url", "http://"+string(listen)+"/v1/licences/query",
		"--body", filepath.Join(dir, "questions", "normal-shanghai.licence.json"))
	out, err := script.Output()
	if err != nil || !bytes.Contains(out, []byte(`"points":3`)) {
		t.Errorf("%v\n%s", err, out)
	}
	gateway.stop(t)
}

func TestServeRefusesAFolderOrAPortInUse(t *testing.T) {
	t.Parallel()
	_, config := newWorld(t)
	gateway := serveProcess(t, config)
	if _, complaints, code := program(t, nil, "serve", "--config", config); code != 1 || !strings.Contains(complaints, "open elsewhere") {
		t.Errorf("a second gateway on one journal: exit %d %s", code, complaints)
	}
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(filepath.Dir(config), "other.yaml")
	if err := os.WriteFile(other, bytes.Replace(text, []byte("dir: journal"), []byte("dir: other"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, complaints, code := program(t, nil, "serve", "--config", other); code != 1 || !strings.Contains(complaints, "address already in use; change listen or opsListen") {
		t.Errorf("a second gateway on one port: exit %d %s", code, complaints)
	}
	gateway.stop(t)
}

func TestConfigCheckAndKeysNew(t *testing.T) {
	t.Parallel()
	dir, config := newWorld(t)
	if out, complaints, code := program(t, nil, "config", "check", "--config", config); code != 0 || !strings.Contains(out, "6 platforms, 6 sources") {
		t.Errorf("check: exit %d %s %s", code, out, complaints)
	}
	broken := filepath.Join(dir, "broken.yaml")
	text, _ := os.ReadFile(config)
	if err := os.WriteFile(broken, bytes.Replace(text, []byte("jkxlh:"), []byte("jkxhl:"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, complaints, code := program(t, nil, "config", "check", "--config", broken); code != 1 || !strings.Contains(complaints, `unknown field "jkxhl"`) {
		t.Errorf("a misspelt setting: exit %d %s", code, complaints)
	}
	if _, complaints, code := program(t, nil, "keys", "new", "--dir", filepath.Join(dir, "made"), "p"); code != 0 {
		t.Errorf("keys new: exit %d %s", code, complaints)
	}
	if info, err := os.Stat(filepath.Join(dir, "made", "p.key.pem")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("private key: %v, %v", info, err)
	}
	if _, _, code := program(t, nil, "keys", "new", "--dir", filepath.Join(dir, "made"), "p"); code != 1 {
		t.Error("a key was overwritten")
	}
}

func TestSimulateRunsAlone(t *testing.T) {
	t.Parallel()
	command := exec.Command(os.Args[0], "simulate", "tmri", "--dir", t.TempDir())
	command.Env = append(os.Environ(), asProgram+"=1")
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill() })
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "tmri at http://127.0.0.1:") {
		t.Errorf("%q, %v", line, err)
	}
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, output)
	if err := command.Wait(); err != nil {
		t.Error(err)
	}
}
