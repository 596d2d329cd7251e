package gateway_test

import (
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// Whoever finds no place waits for one, while there is time to be answered.
func TestWhoFindsNoPlaceWaitsForOne(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(deps *gatewayDeps) { deps.Limits.InFlight = 1 })
	r.desk.entered, r.desk.release = make(chan struct{}), make(chan struct{})
	first := r.begin(t, "suishenban")
	request := r.sign(t, "national", "GET", "/v1/capabilities", nil)
	second := make(chan response, 1)
	go func() { second <- r.send(t, request) }()
	r.await(t, `zhengqiao_quota_waiting{class="queries",platform="national"} 1`)
	close(r.desk.release)
	for _, done := range []chan response{first, second} {
		if got := <-done; got.status != 200 {
			t.Errorf("status %d: %s", got.status, got.body)
		}
	}
}

// await waits until the quotas' metrics have a line.
func (r *rig) await(t tb, line string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !strings.Contains(r.metrics(t), line); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("the metrics never had %s", line)
		}
	}
}

// begin sends a good licence query of a platform and waits until the source was asked.
func (r *rig) begin(t tb, platform string) chan response {
	t.Helper()
	request := r.sign(t, platform, "POST", "/v1/licences/query", testdata(t, "licence.json"))
	done := make(chan response, 1)
	go func() { done <- r.send(t, request) }()
	<-r.desk.entered
	return done
}

// A platform may use half of the places and have as many more requests in line; what is over is refused, while other platforms' are served.
func TestOnePlatformLeavesTheOthersPlaces(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(deps *gateway.Deps) { deps.Limits.InFlight = 4 })
	r.desk.entered, r.desk.release = make(chan struct{}), make(chan struct{})
	under := []chan response{r.begin(t, "suishenban"), r.begin(t, "suishenban")}
	for range 2 {
		request, done := r.sign(t, "suishenban", "GET", "/v1/capabilities", nil), make(chan response, 1)
		go func() { done <- r.send(t, request) }()
		under = append(under, done)
	}
	r.await(t, `zhengqiao_quota_waiting{class="queries",platform="suishenban"} 2`)
	got := r.send(t, r.sign(t, "suishenban", "GET", "/v1/capabilities", nil))
	if p := got.problem(t); p.Code != "quota-exceeded" || got.status != 429 || got.header.Get("Retry-After") != "1" || p.Receipt != nil {
		t.Errorf("the fifth of one platform came out as %s, Retry-After %q", p.Code, got.header.Get("Retry-After"))
	}
	if state := got.header.Get("RateLimit"); state != `"queries-at-once";r=0` {
		t.Errorf("RateLimit: %s", state)
	}
	under = append(under, r.begin(t, "national"), r.begin(t, "suihaoban"))
	close(r.desk.release)
	for i, done := range under {
		if answered := <-done; answered.status != 200 {
			t.Errorf("request %d: status %d: %s", i, answered.status, answered.body)
		}
	}
	if next := r.send(t, r.sign(t, "suishenban", "GET", "/v1/capabilities", nil)); next.status != 200 {
		t.Errorf("after the share was free: status %d", next.status)
	}
}

// Over the rate is refused at once, and every answer to a proven platform says how it stands.
func TestRateIsToldAndHeld(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(deps *gateway.Deps) {
		quotas := gateway.NewQuotas(gateway.QuotaConfig{Platforms: map[string]gateway.PlatformQuota{
			"suishenban": {Queries: gateway.Quota{PerSecond: 0.5, Burst: 2, InFlight: 8}, Reports: gateway.Quota{PerSecond: 1}},
		}}, deps.Clock)
		deps.Quotas = quotas
	})
	ask := func() response { return r.send(t, r.sign(t, "suishenban", "GET", "/v1/capabilities", nil)) }
	first := ask()
	if policy := first.header.Get("RateLimit-Policy"); policy != `"queries";q=2;w=4, "queries-at-once";q=8;qu="concurrent-requests"` {
		t.Errorf("RateLimit-Policy: %s", policy)
	}
	if state := first.header.Get("RateLimit"); state != `"queries";r=1;t=2, "queries-at-once";r=7` {
		t.Errorf("RateLimit: %s", state)
	}
	ask()
	got := ask()
	if p := got.problem(t); p.Code != "quota-exceeded" || got.header.Get("Retry-After") != "2" || got.header.Get("RateLimit") != `"queries";r=0;t=2, "queries-at-once";r=8` {
		t.Errorf("over the rate: %s, Retry-After %s, RateLimit %s", p.Code, got.header.Get("Retry-After"), got.header.Get("RateLimit"))
	}
	if other := r.send(t, r.sign(t, "national", "GET", "/v1/capabilities", nil)); other.status != 200 {
		t.Errorf("another platform: status %d", other.status)
	}
	if report := r.send(t, r.sign(t, "suishenban", "GET", "/v1/changes", nil)); report.status != 200 {
		t.Errorf("another class: status %d", report.status)
	}
	if stranger := r.send(t, r.sign(t, "stranger", "GET", "/v1/capabilities", nil)); stranger.header.Get("RateLimit") != "" {
		t.Error("a stranger is told of a quota")
	}
	r.clock.turn(2 * time.Second)
	if later := ask(); later.status != 200 {
		t.Errorf("when Retry-After says: status %d", later.status)
	}
}

// holdingSigner holds the first answer back until it is released.
type holdingSigner struct {
	gateway.Signer
	held             atomic.Bool
	entered, release chan struct{}
}

func (h *holdingSigner) SignResponse(response *httpsig.Response) ([]byte, error) {
	if h.held.CompareAndSwap(false, true) {
		h.entered <- struct{}{}
		<-h.release
	}
	return h.Signer.SignResponse(response)
}

// Readers of documents have a bound of their own, and take no caller's place.
func TestReadersLeaveCallersTheirPlaces(t *testing.T) {
	t.Parallel()
	holding := &holdingSigner{entered: make(chan struct{}), release: make(chan struct{})}
	r := newRig(t, func(deps *gateway.Deps) {
		deps.Limits.InFlight, deps.Limits.Documents = 1, 1
		holding.Signer, deps.Signer = deps.Signer, holding
	})
	first := make(chan response, 1)
	go func() { first <- r.fetch(t, "/docs", "en") }()
	<-holding.entered
	if p := r.fetch(t, "/openapi.yaml", "en").problem(t); p.Code != "overloaded" {
		t.Errorf("a second reader came out as %s", p.Code)
	}
	if got := r.send(t, r.sign(t, "suishenban", "GET", "/v1/capabilities", nil)); got.status != 200 {
		t.Errorf("a caller while all readers' places are taken: status %d", got.status)
	}
	close(holding.release)
	if got := <-first; got.status != 200 {
		t.Errorf("the first reader: status %d", got.status)
	}
}

// Callers take no reader's place either.
func TestCallersLeaveReadersTheirPlaces(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(deps *gateway.Deps) { deps.Limits.InFlight = 1 })
	r.desk.entered, r.desk.release = make(chan struct{}), make(chan struct{})
	call := r.begin(t, "suishenban")
	if got := r.fetch(t, "/docs", "en"); got.status != 200 {
		t.Errorf("a reader while all callers' places are taken: status %d", got.status)
	}
	close(r.desk.release)
	if got := <-call; got.status != 200 {
		t.Errorf("the caller: status %d", got.status)
	}
}
