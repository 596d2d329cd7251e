package gateway_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/changefeed/feed"
	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/journal"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/envelope"
)

func TestFeedIsReadInStretches(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.tell(t, "suishenban", 5)
	query, number := "?limit=2", uint64(0)
	for _, count := range []int{2, 2, 1, 0} {
		got := r.stretch(t, "suishenban", query)
		if got.First != number+1 || got.Last != 5 || len(got.Changes) != count || got.More != (number+uint64(count) < 5) {
			t.Fatalf("behind %d: %+v", number, got)
		}
		for _, c := range got.Changes {
			if number++; c.Number != number || c.Version != number || c.Fields["points"] != 12.0 || c.Masked[0] != "cardNumber" {
				t.Errorf("change %+v", c)
			}
		}
		query = "?after=" + got.Next + "&limit=2"
	}
	quiet := exchange.Notice{Licence: "4b1d3f5e", Version: 5, Region: "310000", Happened: testNow(), Origin: "zheliban"}
	if err := r.feeds.Writer("suishenban").Apply(t.Context(), quiet); err != nil {
		t.Fatal(err)
	}
	if got := r.stretch(t, "suishenban", query); len(got.Changes) != 1 || got.Changes[0].Version != 5 || got.Changes[0].Fields != nil {
		t.Errorf("what is said again: %+v", got)
	}
	if records := r.desk.recorded(); len(records) != 0 {
		t.Errorf("reading was recorded: %v", records)
	}
}

func TestFeedIsThePlatformsOwn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.tell(t, "suishenban", 2)
	if p := r.send(t, r.sign(t, "national", "GET", "/v1/changes", nil)).problem(t); p.Code != "operation-not-offered" {
		t.Errorf("a platform without a feed: %s", p.Code)
	}
	request := r.sign(t, "zheliban", "GET", "/v1/changes?after="+r.stretch(t, "suishenban", "").Next, nil)
	if p := r.send(t, request).problem(t); places(p) != "/after:unknown-cursor" {
		t.Errorf("another platform's cursor: %s", places(p))
	}
	r.tell(t, "zheliban", 1)
	request = r.sign(t, "zheliban", "GET", "/v1/changes", nil)
	got := r.send(t, request)
	ring := func(kid string) (envelope.Unwrapper, bool) { return r.keys["zheliban"], kid == "zheliban-1" }
	text := string(must(envelope.Open(got.body, ring, []byte(request.Header.Get("Signature"))))(t))
	if !strings.Contains(text, `"number":1`) || strings.Contains(text, "fields") || strings.Contains(text, "masked") {
		t.Errorf("a thin feed of who must encrypt: %s", text)
	}
}

func TestWrongQueryStringsOfTheFeed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for query, want := range map[string]string{
		"?limit=0": "/limit:out-of-range", "?limit=501": "/limit:out-of-range", "?limit=1e2": "/limit:wrong-type", "?limit=007": "/limit:wrong-type",
		"?wait=31": "/wait:out-of-range", "?wait=": "/wait:wrong-type", "?wait=1&wait=1": "/wait:repeated", "?after=": "/after:wrong-form /after:wrong-length",
		"?after=99.9.00000000": "/after:unknown-cursor", "?after=latest.and.greatest": "/after:wrong-form", "?lang=en": "/lang:unknown-parameter",
		"?" + idGood + "=1": "/:unknown-parameter", "?": "/:wrong-form", "?limit=%31": "/:wrong-form", "?wait=1;limit=2": "/:wrong-form", "?&": "/:wrong-form",
		"?limit=0&lang=en&wait=31": "/lang:unknown-parameter /limit:out-of-range /wait:out-of-range",
	} {
		if p := r.send(t, r.sign(t, "suishenban", "GET", "/v1/changes"+query, nil)).problem(t); p.Code != "invalid-request" || places(p) != want {
			t.Errorf("%s: came out as %s, %q, want %q", query, p.Code, places(p), want)
		}
	}
	if p := r.send(t, r.sign(t, "suishenban", "GET", "/v1/changes", []byte("{}"))).problem(t); places(p) != "/:no-body-wanted" {
		t.Errorf("with a body: %s", places(p))
	}
	r.checkQuiet(t)
}

func TestFeedThatCannotBeRead(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for err, code := range map[error]string{journal.ErrClosed: "overloaded", journal.ErrCorrupt: "internal"} {
		r.batches.fail(err)
		if p := r.send(t, r.sign(t, "suishenban", "GET", "/v1/changes", nil)).problem(t); p.Code != code {
			t.Errorf("%v: came out as %s", err, p.Code)
		}
	}
}

// watched tells when somebody begins to wait, and counts who was gone when the wait was over.
type watched struct {
	*feed.Feeds
	waiting chan struct{}
	gone    *atomic.Int32
}

func (w watched) Await(ctx, patience context.Context, platform, after string, limit int) (feed.Page, error) {
	w.waiting <- struct{}{}
	page, err := w.Feeds.Await(ctx, patience, platform, after, limit)
	if ctx.Err() != nil && w.gone != nil {
		w.gone.Add(1)
	}
	return page, err
}

func newWaitingRig(t tb, change ...func(*gateway.Deps)) (*rig, chan struct{}) {
	t.Helper()
	waiting := make(chan struct{}, 1)
	watch := func(deps *gateway.Deps) { deps.Feeds = watched{deps.Feeds.(*feed.Feeds), waiting, nil} }
	return newRig(t, append(change, watch)...), waiting
}

// wait asks for news and waits until that waits.
func (r *rig) wait(t tb, platform string, waiting chan struct{}) chan response {
	t.Helper()
	request := r.sign(t, platform, "GET", "/v1/changes?wait=30", nil)
	done := make(chan response, 1)
	go func() { done <- r.send(t, request) }()
	<-waiting
	return done
}

// Who waits takes no place from who asks, has a bound, and is answered when there is news.
func TestWaitingHasPlacesOfItsOwn(t *testing.T) {
	t.Parallel()
	r, waiting := newWaitingRig(t, func(deps *gateway.Deps) {
		deps.Limits.InFlight, deps.Limits.Waiting, deps.Limits.WaitingPerPlatform = 1, 2, 1
	})
	first := r.wait(t, "suishenban", waiting)
	if p := r.send(t, r.sign(t, "suishenban", "GET", "/v1/changes", nil)).problem(t); p.Code != "quota-exceeded" {
		t.Errorf("a second wait of one platform came out as %s", p.Code)
	}
	other := r.wait(t, "zheliban", waiting)
	if p := r.send(t, r.sign(t, "national", "GET", "/v1/changes", nil)).problem(t); p.Code != "overloaded" {
		t.Errorf("a third wait came out as %s", p.Code)
	}
	if got := r.send(t, r.sign(t, "suishenban", "GET", "/v1/capabilities", nil)); got.status != 200 {
		t.Errorf("a question beside: status %d", got.status)
	}
	r.tell(t, "suishenban", 1)
	r.tell(t, "zheliban", 1)
	for _, done := range []chan response{first, other} {
		if got := <-done; got.status != 200 {
			t.Errorf("news: status %d: %s", got.status, got.body)
		}
	}
}

// A stop ends the waits at once, each with an answer; the drain time is for those at work.
func TestStopEndsTheWaits(t *testing.T) {
	t.Parallel()
	r, waiting := newWaitingRig(t)
	server, stop := serve(t, gateway.ServerConfig{}, r.gateway)
	r.server.URL = "http://" + server.Addr().String()
	done := r.wait(t, "suishenban", waiting)
	start := time.Now()
	if err := stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	if got := <-done; got.status != 200 || !strings.Contains(string(got.body), `"changes":[]`) || time.Since(start) > 20*time.Second {
		t.Errorf("status %d after %s: %s", got.status, time.Since(start), got.body)
	}
	r.server.Client().CloseIdleConnections()
}

// The connection's deadlines are for senders and readers that are slow, not for those who wait: a wait outlives both.
func TestWaitOutlivesTheDeadlinesOfItsConnection(t *testing.T) {
	t.Parallel()
	waiting, gone := make(chan struct{}, 1), &atomic.Int32{}
	r := newRig(t, func(deps *gateway.Deps) { deps.Feeds = watched{deps.Feeds.(*feed.Feeds), waiting, gone} })
	limits := gateway.Limits{ReadTime: 700 * time.Millisecond, WriteTime: 700 * time.Millisecond}
	server, stop := serve(t, gateway.ServerConfig{Limits: limits}, r.gateway)
	r.server.URL = "http://" + server.Addr().String()
	request := r.sign(t, "suishenban", "GET", "/v1/changes?wait=1", nil)
	done := make(chan response, 1)
	go func() { done <- r.send(t, request) }()
	<-waiting
	if got := <-done; got.status != 200 || !strings.Contains(string(got.body), `"changes":[]`) || gone.Load() != 0 {
		t.Errorf("status %d, %d taken for gone: %s", got.status, gone.Load(), got.body)
	}
	r.server.Client().CloseIdleConnections()
	if err := stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
}

// A reader that hangs up gives its place back.
func TestReaderThatHangsUpLeaves(t *testing.T) {
	t.Parallel()
	r, waiting := newWaitingRig(t, func(deps *gateway.Deps) { deps.Limits.Waiting = 1 })
	ctx, hangUp := context.WithCancel(t.Context())
	served := make(chan struct{})
	request := r.sign(t, "suishenban", "GET", "/v1/changes?wait=30", nil)
	inner := httptest.NewRequest(http.MethodGet, "/v1/changes?wait=30", nil).WithContext(ctx)
	inner.Header, inner.Host = request.Header, request.URL.Host
	go func() { defer close(served); r.gateway.ServeHTTP(httptest.NewRecorder(), inner) }()
	<-waiting
	hangUp()
	<-served
	go func() { <-waiting }()
	if got := r.send(t, r.sign(t, "suishenban", "GET", "/v1/changes", nil)); got.status != 200 {
		t.Errorf("then status %d", got.status)
	}
}
