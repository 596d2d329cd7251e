package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/certtest"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/internal/freeport"
)

// clusterConfigs writes a configuration for each of three nodes beside the one of the single gateway.
func clusterConfigs(t *testing.T, single string) (configs []string) {
	t.Helper()
	text, err := os.ReadFile(single)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(single)
	if err := os.WriteFile(filepath.Join(dir, "keys", "cluster.password"), []byte("secret-of-the-test"), 0o600); err != nil {
		t.Fatal(err)
	}
	authority := certtest.New(t)
	if err := os.WriteFile(filepath.Join(dir, "keys", "nodes-ca.pem"), authority.PEM, 0o600); err != nil {
		t.Fatal(err)
	}
	ports, err := freeport.On("127.0.0.1", 9)
	if err != nil {
		t.Fatal(err)
	}
	routes := ports[:3]
	for i, node := range []string{"a", "b", "c"} {
		listen := ports[3+2*i:]
		authority.Issue(t, filepath.Join(dir, "keys", "node-"+node+".pem"), filepath.Join(dir, "keys", "node-"+node+".key"))
		cluster := fmt.Sprintf("journal:\n  dir: journal-%s\n  cluster: {name: test, node: %s, listen: %q, routes: [%q, %q, %q], user: node, password: file:keys/cluster.password,\n"+
			"    tls: {certificate: keys/node-%s.pem, key: keys/node-%s.key, ca: keys/nodes-ca.pem}}\n",
			node, node, routes[i], routes[0], routes[1], routes[2], node, node)
		changed := strings.Replace(string(text), "journal:\n  dir: journal\n", cluster, 1)
		changed = regexp.MustCompile(`(?m)^listen: .*$`).ReplaceAllString(changed, "listen: "+listen[0])
		changed = regexp.MustCompile(`(?m)^opsListen: .*$`).ReplaceAllString(changed, "opsListen: "+listen[1])
		config := filepath.Join(dir, "node-"+node+".yaml")
		if err := os.WriteFile(config, []byte(changed), 0o600); err != nil {
			t.Fatal(err)
		}
		configs = append(configs, config)
	}
	return configs
}

// fewPartitions spares the machine some cursors: each platform has one in each partition, and each of those elects leaders.
func fewPartitions(t *testing.T, config string) {
	t.Helper()
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	const section = "changes:\n"
	if !bytes.Contains(text, []byte(section)) {
		t.Fatalf("no %q in %s", section, config)
	}
	text = bytes.Replace(text, []byte(section), []byte(section+"  partitions: 2\n"), 1)
	if err := os.WriteFile(config, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// joined starts a node without a gateway. The returned function ends it.
func joined(t *testing.T, config string) (stop func()) {
	t.Helper()
	command := exec.Command(os.Args[0], "journal", "join", "--config", config)
	command.Env = append(os.Environ(), asProgram+"=1")
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill() })
	return func() {
		t.Helper()
		if line, err := bufio.NewReader(output).ReadString('\n'); err != nil || !strings.Contains(line, "part of the cluster") {
			t.Errorf("the node says %q, %v", line, err)
		}
		if err := command.Process.Signal(syscall.SIGINT); err != nil {
			t.Error(err)
		}
		if err := command.Wait(); err != nil {
			t.Errorf("the node ended with %v", err)
		}
	}
}

// serveAll starts the gateways at once, for none is ready before a majority is there.
func serveAll(t *testing.T, configs []string) (gateways []*served, urls []string) {
	t.Helper()
	for _, config := range configs {
		gateways = append(gateways, startServe(t, config))
	}
	for _, g := range gateways {
		var serving struct{ URL, Ops string }
		g.await(t, `"serving"`, &serving)
		if err := demo.AwaitReady(t.Context(), serving.Ops); err != nil {
			t.Fatal(err)
		}
		g.ops = serving.Ops
		urls = append(urls, serving.URL)
		go func() { _, _ = io.Copy(io.Discard, g.output) }() // a full pipe would hold the gateway up
	}
	return gateways, urls
}

// overheard passes requests on to a gateway and keeps the last one.
type overheard struct {
	*httptest.Server
	to string

	mu     sync.Mutex
	header http.Header
	body   []byte
}

func overhear(t *testing.T, to string) *overheard {
	o := &overheard{to: to}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		o.mu.Lock()
		o.header, o.body = r.Header.Clone(), body
		o.mu.Unlock()
		answer := o.send(t, o.to)
		defer answer.Body.Close()
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(w, answer.Body)
	}))
	t.Cleanup(o.Close)
	return o
}

// send sends the request that was heard last, as it was.
func (o *overheard) send(t *testing.T, to string) *http.Response {
	o.mu.Lock()
	defer o.mu.Unlock()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, to+"/v1/licences/query", bytes.NewReader(o.body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header, request.Host = o.header, strings.TrimPrefix(o.URL, "http://")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// TestGrowOutOfOneMachine answers with one gateway, moves its journal into a cluster of three, and answers with each of them. What
// was recorded before and after is found while they run, a request is good once, and the loss of one leaves the others working.
func TestGrowOutOfOneMachine(t *testing.T) {
	t.Parallel()
	dir, single := newWorld(t)
	fewPartitions(t, single)
	question, err := os.ReadFile(filepath.Join(dir, "questions", "normal-shanghai.licence.json"))
	if err != nil {
		t.Fatal(err)
	}
	ask := func(more ...string) (string, int) {
		out, _, code := program(t, question, append([]string{"call", "licence.query", "--config", single, "--as", "suishenban"}, more...)...)
		return out, code
	}
	gateway := serveProcess(t, single)
	before, code := ask()
	if code != 0 {
		t.Fatalf("exit %d %s", code, before)
	}
	configs := clusterConfigs(t, single)
	migrate := []string{"journal", "migrate", "--from", filepath.Join(dir, "journal"), "--config", configs[0]}
	stops := []func(){joined(t, configs[1]), joined(t, configs[2])}
	if _, complaints, code := program(t, nil, migrate...); code != 1 || !strings.Contains(complaints, "stop the gateway") {
		t.Errorf("while the gateway runs: exit %d %s", code, complaints)
	}
	gateway.stop(t)
	for range 2 { // the second time only compares
		out, complaints, code := program(t, nil, migrate...)
		if code != 0 || !strings.Contains(out, "moved and verified: 2 logs") || !strings.Contains(complaints, "log-records: ") {
			t.Fatalf("migrate: exit %d\n%s%s", code, out, complaints)
		}
	}
	for _, stop := range stops {
		stop()
	}
	for _, config := range configs {
		if _, complaints, code := program(t, nil, "config", "check", "--config", config); code != 0 {
			t.Errorf("exit %d\n%s", code, complaints)
		}
	}

	gateways, urls := serveAll(t, configs)
	kept := map[string]string{"records": before}
	proxy := overhear(t, urls[0])
	for i, url := range append([]string{proxy.URL}, urls[1:]...) {
		log := "records-" + []string{"a", "b", "c"}[i]
		if kept[log], code = ask("--url", url); code != 0 || !strings.Contains(kept[log], `"log": "`+log+`"`) {
			t.Errorf("node %d: exit %d\n%s", i, code, kept[log])
		}
	}
	for i, url := range urls {
		answer := proxy.send(t, url)
		problem, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if !bytes.Contains(problem, []byte(`request-replayed`)) {
			t.Errorf("node %d takes a request that node a has answered: %d %s", i, answer.StatusCode, problem)
		}
	}
	for log, answer := range kept {
		if out, complaints, code := program(t, []byte(answer), "records", "verify", "--receipt", "-", "--config", configs[1]); code != 0 || strings.Contains(out, "NO ") {
			t.Errorf("log %s: exit %d\n%s%s", log, code, out, complaints)
		}
	}

	if err := gateways[2].command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for _, url := range urls[:2] {
		for deadline := time.Now().Add(time.Minute); ; {
			out, code := ask("--url", url)
			if code == 0 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("without one node: exit %d\n%s", code, out)
			}
		}
	}
	for _, g := range gateways[:2] {
		if err := g.command.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
	}
	for _, g := range gateways[:2] {
		if err := g.command.Wait(); err != nil {
			t.Errorf("a gateway did not end well: %v", err)
		}
	}
}
