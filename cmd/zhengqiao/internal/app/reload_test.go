package app_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/client"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// reloadStage is a running gateway whose configuration a test rewrites.
type reloadStage struct {
	*app.App
	dir, path string
	text      string // without 穗好办 among the callers, and without coverage
	question  []byte
}

const thirdPlatform = `  - id: suihaoban
    region: "440000"
    encryption: optional
    keys:
      - {id: suihaoban-1, public: file:keys/suihaoban.pub.pem}
`

// newReloadStage starts it. change alters the configuration before, and may put files into the folder.
func newReloadStage(t *testing.T, change ...func(dir, text string) string) *reloadStage {
	t.Helper()
	s := &reloadStage{dir: t.TempDir()}
	w, err := demo.NewWorld(s.dir, "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	s.path = w.ConfigPath()
	text, err := os.ReadFile(s.path)
	if err != nil {
		t.Fatal(err)
	}
	s.text, _, _ = strings.Cut(string(text), "# What GET /v1/capabilities tells")
	if !strings.Contains(s.text, thirdPlatform) {
		t.Fatal("the demo's configuration has no such platform as this test takes away")
	}
	s.text = strings.Replace(s.text, thirdPlatform, "", 1)
	questions, err := filepath.Glob(filepath.Join(s.dir, "questions", "*.licence.json"))
	if err != nil || len(questions) == 0 {
		t.Fatalf("no questions: %v", err)
	}
	for _, name := range questions {
		if body, err := os.ReadFile(name); err == nil && bytes.Contains(body, []byte(`"region": "310000"`)) {
			s.question = body
			break
		}
	}
	// Who asks without a pause must not meet its quota here, nor a busy machine the bound of a decision.
	s.text += "\nlimits: {decision: 5s, quota: {queries: {perSecond: 100000, burst: 100000}}}\n"
	for _, alter := range change {
		s.text = alter(s.dir, s.text)
	}
	s.write(t, s.text)
	settings, err := config.Load(s.path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.App, err = app.Open(t.Context(), settings, slog.New(slog.DiscardHandler), app.Parts{}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	if err := demo.AwaitReady(t.Context(), s.OpsURL()); err != nil {
		t.Fatal(err)
	}
	http.DefaultClient.CloseIdleConnections()
	return s
}

func (s *reloadStage) write(t *testing.T, text string) {
	t.Helper()
	if err := os.WriteFile(s.path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// with puts a third platform into the file, which signs by the key of this id in this file.
func (s *reloadStage) with(keyID, file string) string {
	third := strings.NewReplacer("suihaoban-1", keyID, "suihaoban.pub.pem", file).Replace(thirdPlatform)
	return strings.Replace(s.text, "# Who is asked", third+"\n# Who is asked", 1)
}

// moreSources adds a source, a copy of the traffic police's, and asks it for Gansu.
func moreSources(t *testing.T, text string) string {
	t.Helper()
	block := regexp.MustCompile(`(?s)  - id: tmri\n.*?forbids loopback\n`).FindString(text)
	if block == "" {
		t.Fatal("the demo's configuration has no source tmri")
	}
	text = strings.Replace(text, block, block+strings.Replace(block, "id: tmri\n", "id: tmri-gs\n", 1), 1)
	return strings.Replace(text, "routes:\n", "routes:\n  - {region: \"620000\", sources: [tmri-gs]}\n", 1)
}

// caller is a platform that signs with the private key of a file.
func (s *reloadStage) caller(t *testing.T, keyID, file string) *client.Client {
	t.Helper()
	files := keys.Files{Root: filepath.Join(s.dir, "keys")}
	private, err := files.PrivateKey("file:" + file)
	if err != nil {
		t.Fatal(err)
	}
	public, err := files.PublicKey("file:gateway.pub.pem")
	if err != nil {
		t.Fatal(err)
	}
	ring, err := keys.NewRing(keys.Record{ID: "gateway-1", Party: client.GatewayParty, Algorithm: keys.AlgorithmSign, Key: public})
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	caller, err := client.New(client.Config{
		BaseURL: s.URL(), KeyID: keyID, Key: private, Gateway: ring, Now: time.Now, Random: rand.Reader,
		HTTP: &http.Client{Transport: transport, Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	})
	if err != nil {
		t.Fatal(err)
	}
	return caller
}

// asking has a platform ask without a pause, and counts what failed.
type asking struct {
	done         chan struct{}
	under        sync.WaitGroup
	asked, wrong atomic.Int64
}

func (a *asking) start(t *testing.T, caller *client.Client, path string, body []byte) {
	a.under.Go(func() {
		for {
			select {
			case <-a.done:
				return
			default:
			}
			reply, err := caller.Call(context.Background(), path, body)
			a.asked.Add(1)
			if err != nil || !reply.OK() {
				a.wrong.Add(1)
				t.Errorf("%s: %v %+v", path, err, reply)
				return
			}
		}
	})
}

// TestReloadsFailNoRequest reloads thirty times under the load of two platforms: a third one and a source come, the third one's key is
// rotated, both go. No request of the two fails, the third works when it is there, and a key that was taken away is refused.
func TestReloadsFailNoRequest(t *testing.T) {
	t.Parallel()
	s := newReloadStage(t)
	second, err := smcrypto.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.WritePair(second, filepath.Join(s.dir, "keys", "second.key.pem"), filepath.Join(s.dir, "keys", "second.pub.pem")); err != nil {
		t.Fatal(err)
	}
	load := &asking{done: make(chan struct{})}
	load.start(t, s.caller(t, "suishenban-1", "suishenban.key.pem"), "/v1/licences/query", s.question)
	load.start(t, s.caller(t, "zheliban-1", "zheliban.key.pem"), "/v1/capabilities", nil)
	old, rotated := s.caller(t, "suihaoban-1", "suihaoban.key.pem"), s.caller(t, "suihaoban-2", "second.key.pem")
	for range 10 {
		s.reload(t, moreSources(t, s.with("suihaoban-1", "suihaoban.pub.pem")))
		answers(t, old, 200)
		s.reload(t, moreSources(t, s.with("suihaoban-2", "second.pub.pem")))
		answers(t, rotated, 200)
		answers(t, old, 401)
		s.reload(t, s.text)
		answers(t, rotated, 401)
	}
	close(load.done)
	load.under.Wait()
	if load.asked.Load() < 30 || load.wrong.Load() > 0 {
		t.Errorf("%d requests under 30 reloads, %d failed", load.asked.Load(), load.wrong.Load())
	}
	t.Logf("%d requests under 30 reloads", load.asked.Load())
}

func (s *reloadStage) reload(t *testing.T, text string) {
	t.Helper()
	s.write(t, text)
	if changes, err := s.Reload(); err != nil || len(changes) == 0 {
		t.Fatalf("reload: %v, %v", changes, err)
	}
}

func answers(t *testing.T, caller *client.Client, status int) {
	t.Helper()
	reply, err := caller.Call(t.Context(), "/v1/capabilities", nil)
	if err != nil || reply.Status != status {
		t.Errorf("want %d, got %+v, %v", status, reply, err)
	}
}

// A bad file leaves all as it is, says why with its line, and shows in the metrics until a good one is there.
func TestBadFileLeavesAllAsItIs(t *testing.T) {
	t.Parallel()
	s := newReloadStage(t)
	caller := s.caller(t, "suishenban-1", "suishenban.key.pem")
	for name, bad := range map[string]struct{ text, want string }{
		"a key that is not there": {s.with("suihaoban-1", "nowhere.pub.pem"), `line \d+: platforms\[5\].keys\[0\].public: .*no such file`},
		"an unknown platform":     {strings.Replace(s.with("suihaoban-1", "suihaoban.pub.pem"), "id: suihaoban\n    region: \"440000\"\n    enc", "id: nobody\n    region: \"440000\"\n    enc", 1), `line \d+: platforms\[5\].id: the policies know no platform "nobody"`},
		"no YAML":                 {"platforms: [", ``},
	} {
		s.write(t, bad.text)
		if _, err := s.Reload(); err == nil || !regexp.MustCompile(bad.want).MatchString(err.Error()) {
			t.Errorf("%s: %v", name, err)
		}
		answers(t, caller, 200)
		if _, text := get(t, s.OpsURL()+"/metrics"); !strings.Contains(text, "zhengqiao_reload_failed 1") {
			t.Errorf("%s: the metrics don't tell", name)
		}
	}
	s.reload(t, s.with("suihaoban-1", "suihaoban.pub.pem"))
	if _, text := get(t, s.OpsURL()+"/metrics"); !strings.Contains(text, "zhengqiao_reload_failed 0") || strings.Count(text, "zhengqiao_config_revision_info{") != 1 {
		t.Error("the metrics don't tell of the good file")
	}
}
