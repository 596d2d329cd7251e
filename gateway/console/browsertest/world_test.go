package browsertest

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/evidence"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/gateway/console/access"
	"github.com/zhengqiao/zhengqiao/gateway/console/delivery"
	"github.com/zhengqiao/zhengqiao/gateway/console/draft"
	"github.com/zhengqiao/zhengqiao/gateway/console/lights"
	"github.com/zhengqiao/zhengqiao/gateway/console/nodes"
	"github.com/zhengqiao/zhengqiao/gateway/console/playground"
	"github.com/zhengqiao/zhengqiao/gateway/console/publishing"
	"github.com/zhengqiao/zhengqiao/gateway/console/rules"
	"github.com/zhengqiao/zhengqiao/gateway/console/trail"
	"github.com/zhengqiao/zhengqiao/watch"
)

// world is a console over invented adapters and whatever desk a test gives it.
type world struct {
	url string
	end func() // of the console

	opened, closed chan struct{} // streams

	mu       sync.Mutex
	overview watch.Overview
}

// serve runs a console until the test ends. desk nil: nothing is parked.
func serve(t testing.TB, overview watch.Overview, desk delivery.Desk, recorder exchange.Recorder) *world {
	t.Helper()
	w := &world{overview: overview, opened: make(chan struct{}, mostStreams), closed: make(chan struct{}, mostStreams)}
	pages := lights.Pages(w)
	changes, err1 := delivery.Page(delivery.Config{Desk: desk, Recorder: recorder, Clock: time.Now, Random: rand.Reader})
	policies, err2 := rules.Page(ruleBook{})
	platforms := func() []string { return []string{"suishenban", "zheliban"} }
	records, err3 := trail.Page(trail.Config{Archive: archive{}, Recorder: recorder, Platforms: platforms, Clock: time.Now})
	own, err4 := nodes.Page(cluster{})
	drafts := &draft.Store{}
	trying, err5 := playground.Page(newWorkshop(t), drafts)
	published, err6 := publishing.Page(publishing.Config{Registry: desktop{}, Tray: desktop{}, Acts: desktop{}, Drafts: drafts, Recorder: recorder, Clock: time.Now})
	for _, err := range []error{err1, err2, err3, err4, err5, err6} {
		if err != nil {
			t.Fatal(err)
		}
	}
	c, err := console.New(console.Config{
		Pages: append(pages, changes, policies, trying, published, records, own), Access: access.Local(), Authority: everything{}, Name: "shanghai-1", Way: "local",
		Host: console.LoopbackHost, Clock: time.Now, Random: rand.Reader, Logger: slog.New(slog.DiscardHandler),
		State: func(context.Context) string { return fmt.Sprint(w.Overview()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(w.counting(c))
	looking, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(looking) }()
	w.end = sync.OnceFunc(func() {
		stop()
		<-done
		server.CloseClientConnections()
		server.Close()
	})
	t.Cleanup(w.end)
	w.url = server.URL
	return w
}

// mostStreams is how many are counted; more than any walk opens.
const mostStreams = 1 << 12

// counting tells when streams begin and end.
func (w *world) counting(inner http.Handler) http.Handler {
	return http.HandlerFunc(func(to http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/events" {
			w.opened <- struct{}{}
			defer func() { w.closed <- struct{}{} }()
		}
		inner.ServeHTTP(to, r)
	})
}

// Overview implements [lights.Watcher]. It is always of this moment, as a running watcher's is.
func (w *world) Overview() watch.Overview {
	w.mu.Lock()
	defer w.mu.Unlock()
	o := w.overview
	o.At = time.Now().Truncate(10 * time.Second)
	o.Adapters = slices.Clone(o.Adapters)
	return o
}

// change changes an adapter while pages are open.
func (w *world) change(id string, to func(*watch.Adapter)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.overview.Adapters = slices.Clone(w.overview.Adapters)
	for i := range w.overview.Adapters {
		if w.overview.Adapters[i].ID == id {
			to(&w.overview.Adapters[i])
		}
	}
}

// everything lets everybody do everything: what roles may do is tested where policies are.
type everything struct{}

func (everything) May(context.Context, []string, string) error { return nil }

type cluster struct{}

func (cluster) Nodes(context.Context) []nodes.Node {
	return []nodes.Node{
		{
			Name: "shanghai-1", Here: true, Version: "v1.4.0, go1.26.8 linux/amd64", Started: time.Now().Add(-50 * time.Hour), Revision: revision,
			Journal: nodes.Journal{Kind: "cluster", State: watch.Green, Log: "records-shanghai-1", Copies: 3},
		},
		{Address: "10.1.0.12:6222"}, {Address: "10.1.0.13:6222"},
	}
}

const revision = "4f1c2a9be07d53c8a16e94b25d7703fe88d1c64a90b3f5e2271c6ad84e9b0f37"

type ruleBook struct{}

func (ruleBook) About() rules.About {
	return rules.About{
		Revision: revision,
		Chapters: []rules.Chapter{{
			File: "region.rego", Package: "zhengqiao.region", Title: "Region", Description: "Whether a request crosses provincial borders, and whether its purpose may.",
			Rules: []string{"home", "crosses", "reasons"}, Codes: []string{"cross_province_not_allowed"},
		}, {
			File: "assurance.rego", Package: "zhengqiao.assurance", Title: "Assurance", Description: "How strongly the citizen was authenticated.",
			Rules: []string{"level", "reasons"}, Codes: []string{"assurance_too_low"},
		}},
		Reasons: map[string]watch.Text{
			"cross_province_not_allowed": {Zh: "此用途不支持跨省查询。", En: "This purpose does not cross provincial borders."},
			"assurance_too_low":          {Zh: "身份认证强度不足。", En: "The authentication is too weak."},
		},
	}
}

// archive is one log of 130 records.
type archive struct{}

func (archive) Logs(context.Context) ([]string, error) { return []string{"records-shanghai-1"}, nil }

func (archive) Open(context.Context, string) (trail.Trail, error) { return logOf(130), nil }

type logOf uint64

func (l logOf) Head() uint64 { return uint64(l) }

func (l logOf) Scan(_ context.Context, from uint64, visit func(uint64, *evidence.Entry) error) error {
	for i := from; i < uint64(l); i++ {
		entry := evidence.Entry{Version: 1, Record: exchange.Record{
			ID: fmt.Sprintf("0192f3a4-5b6c-7d8e-9f00-%012d", i), Time: time.Now().Add(-time.Duration(uint64(l)-i) * time.Minute), Operation: exchange.LicenceQuery,
			Platform: []string{"suishenban", "zheliban"}[i%2], KeyID: "suishenban-1", Region: "310000", Subject: fmt.Sprintf("%064x", i%7),
			Purpose: exchange.Purpose{Code: "self-query", MatterName: "驾驶证查询", Operator: "self"}, Outcome: []string{"answered", "answered", "policy-refused"}[i%3],
			Revision: revision, Source: "tmri", Attempts: []exchange.Attempt{{Source: "tmri", Outcome: "answered", Duration: 41200}},
		}}
		if err := visit(i, &entry); err != nil {
			return err
		}
	}
	return nil
}
