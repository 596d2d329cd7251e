package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/cmd/zhengqiao/internal/demo"
)

// ordeal is how hard the kill test is.
type ordeal struct {
	senders, licences, rounds, kills int // licences of each sender; each round changes every licence once
	patience                         time.Duration
}

func (o ordeal) changes() int { return o.senders * o.licences * o.rounds }

// chosenOrdeal gives the short ordeal, or the one that KILL_TEST=full asks for: 50 kills under 100,000 changes.
func chosenOrdeal() ordeal {
	if os.Getenv("KILL_TEST") == "full" {
		return ordeal{senders: 16, licences: 250, rounds: 25, kills: 50, patience: 30 * time.Minute}
	}
	return ordeal{senders: 8, licences: 25, rounds: 10, kills: 5, patience: 3 * time.Minute}
}

// TestKilledGatewayLosesNothing kills a gateway again and again while 随申办 pushes changes in its own format and three platforms are
// told by webhook. A sender repeats a push until it is acknowledged. In the end each platform has been told of each licence's last version,
// the one that wants every version of all of them, no version went back, and no change was made twice.
func TestKilledGatewayLosesNothing(t *testing.T) {
	t.Parallel()
	o, dir := chosenOrdeal(), t.TempDir()
	inbox := newInbox(o.rounds)
	config, listen := killWorld(t, dir, inbox)
	gateway := &killed{config: config, dir: dir, listen: listen}
	gateway.start(t)
	ctx, cancel := context.WithTimeout(t.Context(), o.patience)
	defer cancel()
	began := time.Now()
	senders := sendAll(ctx, o, listen, dir)
	gateway.kill(ctx, t, o.kills)
	if err := senders.wait(); err != nil {
		t.Fatal(err)
	}
	pushed := time.Since(began)
	inbox.await(ctx, t, o)
	t.Logf("%d kills, %d changes acknowledged in %s (%d pushes repeated), told after %s: %s", o.kills, o.changes(),
		pushed.Round(time.Second), senders.repeated.Load(), time.Since(began).Round(time.Second), inbox.summary())
	inbox.check(t, o)
}

// killWorld writes the demo's configuration with webhooks to the inbox as the only receivers.
func killWorld(t *testing.T, dir string, inbox *inbox) (config, listen string) {
	t.Helper()
	world, err := demo.NewWorld(dir, "127.0.0.1:0", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = world.Close() })
	server := &http.Server{Handler: inbox, ReadHeaderTimeout: 10 * time.Second}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	text, err := os.ReadFile(world.ConfigPath())
	if err != nil {
		t.Fatal(err)
	}
	var receivers strings.Builder
	for platform, region := range inboxPlatforms() {
		fmt.Fprintf(&receivers, "  - {id: %s, kind: webhook, region: %q, everyVersion: %v, settings: {url: 'http://%s/%s', key: file:keys/gateway.key.pem, content: full, http: {allow: [127.0.0.0/8]}}}\n",
			platform, region, platform == everyVersion, listener.Addr(), platform)
	}
	edited, err := demo.WithReceivers(string(text), receivers.String())
	if err != nil {
		t.Fatal(err)
	}
	config = filepath.Join(dir, "kill.yaml")
	if err := os.WriteFile(config, []byte(edited), 0o600); err != nil {
		t.Fatal(err)
	}
	return config, regexp.MustCompile(`(?m)^listen: (\S+)`).FindStringSubmatch(edited)[1]
}

// killed is a gateway that is killed again and again.
type killed struct {
	config, dir, listen string
	process             *served
}

// start reads on what the gateway logs: one whose log nobody takes stands still when the pipe is full.
func (k *killed) start(t *testing.T) {
	k.process = serveProcess(t, k.config)
	output := k.process.output
	go func() { _, _ = io.Copy(io.Discard, output) }()
}

// kill kills the gateway so often, each time after a moment at which it may be doing anything, and starts it anew.
func (k *killed) kill(ctx context.Context, t *testing.T, times int) {
	t.Helper()
	for range times {
		select {
		case <-ctx.Done():
			t.Fatal(ctx.Err())
		case <-time.After(200*time.Millisecond + rand.N(1300*time.Millisecond)):
		}
		if err := k.process.command.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = k.process.command.Wait()
		k.start(t)
	}
}

// inbox receives webhooks and remembers, per platform and licence, the versions in the order in which they came.
type inbox struct {
	rounds int
	mu     sync.Mutex
	seen   map[string]map[string][]told // by platform, then licence
	calls  atomic.Int64
	news   chan struct{}
}

type told struct {
	version uint64
	status  string
}

const everyVersion = "suihaoban"

func inboxPlatforms() map[string]string {
	return map[string]string{"zheliban": "330000", everyVersion: "440000", "wechat-city": "000000"}
}

func newInbox(rounds int) *inbox {
	b := &inbox{rounds: rounds, seen: map[string]map[string][]told{}, news: make(chan struct{}, 1)}
	for platform := range inboxPlatforms() {
		b.seen[platform] = map[string][]told{}
	}
	return b
}

func (b *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	event, err := readEvent(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	b.calls.Add(1)
	b.mu.Lock()
	licences := b.seen[strings.Trim(r.URL.Path, "/")]
	list := licences[event.licence]
	if len(list) == 0 || list[len(list)-1] != event.told { // the same again is what at least once means
		licences[event.licence] = append(list, event.told)
	}
	b.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"licence":%q,"version":%d}`, event.licence, event.told.version)
	select {
	case b.news <- struct{}{}:
	default:
	}
}

// await waits until everybody has the last version of every licence.
func (b *inbox) await(ctx context.Context, t *testing.T, o ordeal) {
	t.Helper()
	for !b.complete(o) {
		select {
		case <-b.news:
		case <-ctx.Done():
			t.Fatalf("not everybody was told: %s", b.summary())
		}
	}
}

func (b *inbox) complete(o ordeal) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, licences := range b.seen {
		if len(licences) < o.senders*o.licences {
			return false
		}
		for _, list := range licences {
			if list[len(list)-1].version < uint64(b.rounds) {
				return false
			}
		}
	}
	return true
}

// check holds what everybody was told against what was pushed: round n made version n, with the status of that round.
func (b *inbox) check(t *testing.T, o ordeal) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for platform, licences := range b.seen {
		lost, doubled, back, gaps := 0, 0, 0, 0
		for _, list := range licences {
			last := list[len(list)-1]
			if last.version > uint64(b.rounds) {
				doubled++
			}
			if last.status != statusOf(int(last.version)) {
				lost++
			}
			if !slices.IsSortedFunc(list, func(a, b told) int { return int(a.version) - int(b.version) }) {
				back++
			}
			if platform == everyVersion && len(list) != b.rounds {
				gaps++
			}
		}
		if lost+doubled+back+gaps > 0 || len(licences) != o.senders*o.licences {
			t.Errorf("%s: of %d licences %d with a wrong last state, %d with a change made twice, %d with a version that went back, %d with a version left out",
				platform, len(licences), lost, doubled, back, gaps)
		}
	}
}

func (b *inbox) summary() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var parts []string
	for _, platform := range slices.Sorted(maps.Keys(b.seen)) {
		versions := 0
		for _, list := range b.seen[platform] {
			versions += len(list)
		}
		parts = append(parts, fmt.Sprintf("%s %d licences, %d versions", platform, len(b.seen[platform]), versions))
	}
	return strings.Join(parts, "; ") + "; " + strconv.FormatInt(b.calls.Load(), 10) + " calls"
}
