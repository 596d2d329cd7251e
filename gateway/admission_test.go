package gateway_test

import (
	"sync/atomic"
	"testing"

	"github.com/zhengqiao/zhengqiao/gateway"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// A caller over the bound is told at once and takes no place; when a place is free again, the next one gets it.
func TestTooManyAtOnceAreToldToComeBack(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(deps *gatewayDeps) { deps.Limits.InFlight = 1 })
	r.desk.entered, r.desk.release = make(chan struct{}, 1), make(chan struct{})
	first := r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json"))
	done := make(chan response, 1)
	go func() { done <- r.send(t, first) }()
	<-r.desk.entered
	got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json")))
	if p := got.problem(t); p.Code != "overloaded" || got.header.Get("Retry-After") != "1" {
		t.Errorf("came out as %s, Retry-After %q", p.Code, got.header.Get("Retry-After"))
	}
	close(r.desk.release)
	if answered := <-done; answered.status != 200 {
		t.Errorf("the request at work: status %d", answered.status)
	}
	if next := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json"))); next.status != 200 {
		t.Errorf("after the place was free: status %d", next.status)
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

// A platform may use half of the places; more of its requests are refused while other platforms' are served.
func TestOnePlatformLeavesTheOthersPlaces(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(deps *gateway.Deps) { deps.Limits.InFlight = 4 })
	r.desk.entered, r.desk.release = make(chan struct{}), make(chan struct{})
	under := []chan response{r.begin(t, "suishenban"), r.begin(t, "suishenban")}
	got := r.send(t, r.sign(t, "suishenban", "GET", "/v1/capabilities", nil))
	if p := got.problem(t); p.Code != "overloaded" || got.header.Get("Retry-After") != "1" || p.Receipt != nil {
		t.Errorf("the third of one platform came out as %s, Retry-After %q", p.Code, got.header.Get("Retry-After"))
	}
	under = append(under, r.begin(t, "national"), r.begin(t, "suihaoban"))
	if p := r.send(t, r.sign(t, "national", "GET", "/v1/capabilities", nil)).problem(t); p.Code != "overloaded" {
		t.Errorf("the fifth of all came out as %s", p.Code)
	}
	close(r.desk.release)
	for i, done := range under {
		if answered := <-done; answered.status != 200 {
			t.Errorf("request %d at work: status %d: %s", i, answered.status, answered.body)
		}
	}
	if next := r.send(t, r.sign(t, "suishenban", "GET", "/v1/capabilities", nil)); next.status != 200 {
		t.Errorf("after the share was free: status %d", next.status)
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
