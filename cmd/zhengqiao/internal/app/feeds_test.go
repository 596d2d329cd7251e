package app_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/client"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/app"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/config"
	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/keys"
)

// reader is one that the policies know, that may sign and that the demo tells nothing.
const reader = "jiaoguan12123"

// fed is a gateway on a disk with a platform that fetches its changes itself.
type fed struct {
	t        *testing.T
	settings *config.Config
	folder   string
	gateway  *app.App
	stop     func()
}

func newFed(t *testing.T, settings string) *fed {
	t.Helper()
	w, err := demo.NewWorld(t.TempDir(), "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	text, err := os.ReadFile(w.ConfigPath())
	if err != nil {
		t.Fatal(err)
	}
	entry := fmt.Sprintf("receivers:\n  - {id: %s, kind: feed, region: \"000000\"%s}\n", reader, settings)
	changed := strings.Replace(string(text), "\nreceivers:\n", "\n"+entry, 1)
	if changed == string(text) {
		t.Fatal("the demo's configuration has no receivers")
	}
	if err := os.WriteFile(w.ConfigPath(), []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	f := &fed{t: t, folder: filepath.Dir(w.ConfigPath())}
	if f.settings, err = config.Load(w.ConfigPath(), nil); err != nil {
		t.Fatal(err)
	}
	return f
}

// start runs the gateway, until stop, and waits until it takes requests.
func (f *fed) start() {
	f.t.Helper()
	var err error
	if f.gateway, err = app.Open(f.t.Context(), f.settings, slog.New(slog.DiscardHandler), app.Parts{}); err != nil {
		f.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.gateway.Run(ctx) }()
	f.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			f.t.Error(err)
		}
	}
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for status := 0; status != http.StatusOK; <-look.C {
		status, _ = get(f.t, f.gateway.OpsURL()+"/readyz")
	}
}

// as gives the client of a platform.
func (f *fed) as(platform string) *client.Client {
	f.t.Helper()
	files := keys.Files{Root: f.folder}
	own, err := files.PrivateKey("file:keys/" + platform + ".key.pem")
	if err != nil {
		f.t.Fatal(err)
	}
	public, err := files.PublicKey("file:keys/gateway.pub.pem")
	if err != nil {
		f.t.Fatal(err)
	}
	ring, err := keys.NewRing(keys.Record{ID: "gateway-1", Party: client.GatewayParty, Algorithm: keys.AlgorithmSign, Key: public})
	if err != nil {
		f.t.Fatal(err)
	}
	transport := &http.Transport{}
	f.t.Cleanup(transport.CloseIdleConnections)
	caller, err := client.New(client.Config{
		BaseURL: f.gateway.URL(), KeyID: platform + "-1", Key: own, Gateway: ring, HTTP: &http.Client{Timeout: time.Minute, Transport: transport},
		Now: time.Now, Random: rand.Reader,
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return caller
}

// change is a report of the example's holder.
func change(id, region string, replacements int) []byte {
	return fmt.Appendf(nil, `{"reportId":%q,"subject":{"name":"张三","idNumber":"11010519491231002X"},"region":%q,"happenedAt":%q,"facts":{"status":["A"],"replacements":%d}}`,
		id, region, time.Now().Format(time.RFC3339), replacements)
}

// answered is what became of a report.
type answered struct {
	Outcome, Licence, Code string
	Version                uint64
	Reasons                []struct{ Code string }
	Receipt                *struct{ Index int }
}

func (f *fed) report(platform string, body []byte) (status int, got answered) {
	f.t.Helper()
	reply, err := f.as(platform).Report(f.t.Context(), body)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := json.Unmarshal(reply.Body, &got); err != nil {
		f.t.Fatal(err)
	}
	return reply.Status, got
}

// next follows the reader's feed from a place until there is something.
func (f *fed) next(from client.FeedPlace) client.FeedPage {
	f.t.Helper()
	var got client.FeedPage
	enough := errors.New("enough")
	ctx, cancel := context.WithTimeout(f.t.Context(), time.Minute)
	defer cancel()
	err := f.as(reader).FollowFeed(ctx, from, func(page client.FeedPage) error { got = page; return enough })
	if !errors.Is(err, enough) {
		f.t.Fatal(err)
	}
	return got
}

// TestReportReachesAFeed: a platform reports a change, and another reads of it, proves that it missed nothing, and goes on from its
// place after the gateway was started anew.
func TestReportReachesAFeed(t *testing.T) {
	t.Parallel()
	f := newFed(t, ", settings: {content: full}")
	if _, err := app.Check(f.settings); err != nil {
		t.Fatal(err)
	}
	f.start()
	first := change("ssb-1", "310000", 0)
	status, got := f.report("suishenban", first)
	if status != http.StatusAccepted || got.Outcome != "accepted" || got.Version != 1 || got.Receipt == nil {
		t.Fatalf("reported: %d %+v", status, got)
	}
	if status, again := f.report("suishenban", first); status != http.StatusAccepted || again.Outcome != "duplicate" || again.Version != 1 {
		t.Errorf("reported again: %d %+v", status, again)
	}
	for platform, body := range map[string][]byte{"zheliban": change("zlb-1", "310000", 1), "thirdparty-mini": change("tp-1", "310000", 1)} {
		if status, refused := f.report(platform, body); status != http.StatusForbidden || refused.Code != "policy-refused" || len(refused.Reasons) == 0 || refused.Receipt == nil {
			t.Errorf("%s: %d %+v", platform, status, refused)
		}
	}
	page := f.next(client.FeedPlace{})
	if c := page.Changes[0]; page.Place.Number != 1 || c.Licence != got.Licence || c.Version != 1 || c.Origin != "suishenban" ||
		!strings.Contains(string(c.Fields), `"mayDrive":"yes"`) || strings.Contains(string(c.Fields), "张三") {
		t.Errorf("the reader was told %+v", page)
	}
	f.stop()
	f.start()
	defer func() { f.stop() }()
	if status, got := f.report("suishenban", change("ssb-2", "310000", 1)); status != http.StatusAccepted || got.Version != 2 {
		t.Errorf("reported after the start: %d %+v", status, got)
	}
	after := f.next(page.Place)
	if c := after.Changes[0]; c.Number != 2 || c.Version != 2 || len(c.Events) != 1 || c.Events[0].Kind != "replaced" {
		t.Errorf("then the reader was told %+v", after)
	}
	if _, err := f.as("suishenban").ReadFeed(t.Context(), client.FeedPlace{}, 1, 0); err == nil || !strings.Contains(err.Error(), "operation-not-offered") {
		t.Errorf("a platform without a feed: %v", err)
	}
}

func TestSettingsOfAFeedAreChecked(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]string{
		", settings: {content: fat}": "want thin or full", ", settings: {contents: full}": "contents",
	} {
		if _, err := app.Check(newFed(t, settings).settings); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", settings, err)
		}
	}
	nameless := newFed(t, "")
	for i := range nameless.settings.Platforms {
		if nameless.settings.Platforms[i].ID == reader {
			nameless.settings.Platforms[i].ID = "somebody"
		}
	}
	if _, err := app.Check(nameless.settings); err == nil || !strings.Contains(err.Error(), "no keys under platforms") {
		t.Errorf("a reader that can't sign: %v", err)
	}
}
