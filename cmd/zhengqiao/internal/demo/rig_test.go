package demo_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/client"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// rig is a gateway that runs against the stand-ins, with everything it logs.
type rig struct {
	world   *demo.World
	dir     string
	gateway *app.App
	log     *safeBuffer
}

// safeBuffer takes log lines from many goroutines.
type safeBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// start runs a gateway; change may edit the configuration's text first, and prepare may add files to the folder.
func start(t *testing.T, change func(string) string, prepare ...func(dir string)) *rig {
	t.Helper()
	r := &rig{dir: t.TempDir(), log: &safeBuffer{}}
	var err error
	if r.world, err = demo.NewWorld(r.dir, "127.0.0.1:0", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.world.Close() })
	for _, add := range prepare {
		add(r.dir)
	}
	// A machine that is busy with other tests must not look like a rule that runs away or a source that is slow.
	r.edit(t, func(text string) string { return text + "\nlimits: {decision: 20s, budget: 20s}\n" })
	if change != nil {
		r.edit(t, change)
	}
	r.run(t)
	return r
}

func (r *rig) edit(t *testing.T, change func(string) string) {
	t.Helper()
	text, err := os.ReadFile(r.world.ConfigPath())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(r.world.ConfigPath(), []byte(change(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (r *rig) run(t *testing.T) {
	t.Helper()
	settings, err := config.Load(r.world.ConfigPath(), nil)
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.NewJSONHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if r.gateway, err = app.Open(t.Context(), settings, logger, app.Parts{}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.gateway.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	if err := demo.AwaitReady(t.Context(), r.gateway.OpsURL()); err != nil {
		t.Fatal(err)
	}
}

// settings are those of a client that signs as a platform with the key of the named file.
func (r *rig) settings(t *testing.T, keyID, keyFile string) client.Config {
	t.Helper()
	files := keys.Files{Root: filepath.Join(r.dir, "keys")}
	key, err := files.PrivateKey("file:" + keyFile)
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
	return client.Config{
		BaseURL: r.gateway.URL(), KeyID: keyID, Key: key, Gateway: ring, Now: time.Now, Random: rand.Reader, Language: "en",
		HTTP: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Second},
	}
}

// client connects by transport, or plainly if it is nil.
func (r *rig) client(t *testing.T, keyID, keyFile string, transport *http.Client) *client.Client {
	t.Helper()
	settings := r.settings(t, keyID, keyFile)
	if transport != nil {
		settings.HTTP = transport
	}
	return newClient(t, settings)
}

func newClient(t *testing.T, settings client.Config) *client.Client {
	t.Helper()
	made, err := client.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func (r *rig) platform(t *testing.T, id string) *client.Client {
	t.Helper()
	return r.client(t, id+"-1", id+".key.pem", nil)
}

// question reads a ready request body.
func (r *rig) question(t *testing.T, persona, kind string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.dir, "questions", persona+"."+kind+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func call(t *testing.T, c *client.Client, path string, body []byte) *client.Reply {
	t.Helper()
	reply, err := c.Call(t.Context(), path, body)
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

// codeOf gives a problem's code, "" for an answer.
func codeOf(t *testing.T, reply *client.Reply) string {
	t.Helper()
	var problem struct {
		Code string `json:"code"`
	}
	if err := json.Unmarshal(reply.Body, &problem); err != nil {
		t.Fatal(err)
	}
	return problem.Code
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
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

func newKey(t *testing.T, dir, name string) {
	t.Helper()
	key, err := smcrypto.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.WritePair(key, filepath.Join(dir, name+".key.pem"), filepath.Join(dir, name+".pub.pem")); err != nil {
		t.Fatal(err)
	}
}

func replace(old, new string) func(string) string {
	return func(text string) string { return strings.Replace(text, old, new, 1) }
}
