package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/internal/smcrypto"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

const wholeAnswer = `{"licence":{"name":"沈**"},"receipt":{"log":"records","index":0,"digest":"ab"}}`

// rig is a server that signs its answers as the gateway does, and a load on it.
type rig struct {
	load   load
	prover *prover
	key    *smcrypto.PrivateKey
	answer func(http.ResponseWriter, *http.Request, []byte) // what to do with a request and its body
	seen   sync.Map                                         // nonces' signatures
	served atomic.Int64
}

func newRig(t *testing.T, requests, connections int) *rig {
	t.Helper()
	key, err := smcrypto.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{key: key}
	signer, err := httpsig.NewSigner(gatewayKeyID, key, time.Now, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r.answer = func(w http.ResponseWriter, request *http.Request, _ []byte) { signed(w, request, signer, wholeAnswer) }
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	stocker, err := newStocker(server.URL, []byte(`{"subject":{}}`), key)
	if err != nil {
		t.Fatal(err)
	}
	made, err := stocker.stock(requests)
	if err != nil {
		t.Fatal(err)
	}
	r.load = load{address: stocker.host, stock: made, connections: connections}
	if r.prover, err = proverOf(key.Public()); err != nil {
		t.Fatal(err)
	}
	return r
}

func signed(w http.ResponseWriter, request *http.Request, signer *httpsig.Signer, body string) {
	w.Header().Set("Content-Type", "application/json")
	response := httpsig.Response{Status: http.StatusOK, Header: w.Header(), Body: []byte(body), Request: request.Header}
	if _, err := signer.SignResponse(&response); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	_, _ = io.WriteString(w, body)
}

func (r *rig) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	r.served.Add(1)
	r.seen.Store(request.Header.Get(httpsig.HeaderSignature), true)
	r.answer(w, request, body)
}

func (r *rig) distinct() int {
	n := 0
	r.seen.Range(func(any, any) bool { n++; return true })
	return n
}

// Each request of the stock is sent once, is one that the gateway would accept, and its answer is proved.
func TestClosedSendsEachOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, 250, 4)
	got, err := r.load.closed(t.Context(), longest, false)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.took) != 250 || r.served.Load() != 250 || r.distinct() != 250 {
		t.Errorf("%d answers to %d requests with %d signatures, want 250 of each", len(got.took), r.served.Load(), r.distinct())
	}
	if n, err := r.prover.all(r.load.stock, got.samples); err != nil || n != 3 {
		t.Errorf("verified %d, want 3 of 250: %v", n, err)
	}
}

func TestClosedMayUseTheStockAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, 3, 2)
	got, err := r.load.closed(t.Context(), 200*time.Millisecond, true)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.took) <= 3 || r.distinct() != 3 {
		t.Errorf("%d answers to %d different requests, want more than 3 to 3", len(got.took), r.distinct())
	}
}

func TestPacedSendsAll(t *testing.T) {
	t.Parallel()
	r := newRig(t, 40, 3)
	got, err := r.load.paced(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.took) != 40 || r.distinct() != 40 {
		t.Errorf("%d answers to %d requests, want 40", len(got.took), r.distinct())
	}
	if got.elapsed < 39*time.Millisecond {
		t.Errorf("the last request was due after 39 ms, and all were answered after %v", got.elapsed)
	}
}

// The time counts from the moment that the caller names, which is the one at which the request was due, not sent.
func TestExchangeCountsFromTheMomentDue(t *testing.T) {
	t.Parallel()
	r := newRig(t, 1, 1)
	s, err := dial(t.Context(), r.load.address, r.load.stock, time.Now().Add(grace))
	if err != nil {
		t.Fatal(err)
	}
	defer closeAll([]*session{s})
	if err := s.exchange(0, time.Now().Add(-time.Hour)); err != nil || len(s.took) != 1 || s.took[0] < time.Hour {
		t.Errorf("a request that was due an hour ago took %v, %v", s.took, err)
	}
}

func TestAnythingBut200Fails(t *testing.T) {
	t.Parallel()
	r := newRig(t, 10, 2)
	r.answer = func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		http.Error(w, "no room", http.StatusServiceUnavailable)
	}
	if _, err := r.load.closed(t.Context(), longest, false); err == nil || !strings.Contains(err.Error(), "503") || !strings.Contains(err.Error(), "no room") {
		t.Errorf("got %v, want the status and what was said", err)
	}
	if _, err := r.load.paced(t.Context(), 1000); err == nil {
		t.Error("at a fixed rate a 503 passes")
	}
}

func TestCancelEndsALoadThatHangs(t *testing.T) {
	t.Parallel()
	r := newRig(t, 10, 2)
	ctx, cancel := context.WithCancel(t.Context())
	r.answer = func(_ http.ResponseWriter, request *http.Request, _ []byte) {
		cancel()
		<-request.Context().Done()
	}
	if _, err := r.load.closed(ctx, longest, false); err == nil {
		t.Error("no error")
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", anyPort)
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	l := load{address: listener.Addr().String(), stock: &stock{fields: []string{""}}, connections: 1}
	if _, err := l.closed(t.Context(), time.Second, true); err == nil {
		t.Error("no error")
	}
}

func TestNoAnswerIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := gather(nil, time.Second); !errors.Is(err, errNothing) {
		t.Errorf("got %v", err)
	}
}

func TestProverRefuses(t *testing.T) {
	t.Parallel()
	other, err := smcrypto.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		key  *smcrypto.PrivateKey // nil: the right one
		body string
	}{
		"another key": {other, wholeAnswer},
		"no licence":  {nil, `{"licence":{},"receipt":{"log":"records","index":0,"digest":"ab"}}`},
		"no receipt":  {nil, `{"licence":{"name":"沈**"},"receipt":{"log":"","digest":""}}`},
		"no digest":   {nil, `{"licence":{"name":"沈**"},"receipt":{"log":"","index":0,"digest":""}}`},
		"no JSON":     {nil, `licence`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 1, 1)
			key := r.key
			if c.key != nil {
				key = c.key
			}
			signer, err := httpsig.NewSigner(gatewayKeyID, key, time.Now, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			r.answer = func(w http.ResponseWriter, request *http.Request, _ []byte) { signed(w, request, signer, c.body) }
			got, err := r.load.closed(t.Context(), longest, false)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.prover.all(r.load.stock, got.samples); err == nil {
				t.Error("it passes")
			}
		})
	}
}

func TestPercentile(t *testing.T) {
	t.Parallel()
	var o outcome
	for i := range 200 {
		o.took = append(o.took, time.Duration(i))
	}
	for share, want := range map[float64]time.Duration{0: 0, 0.5: 100, 0.99: 198, 1: 199} {
		if got := o.percentile(share); got != want {
			t.Errorf("percentile %v of 0…199 is %d, want %d", share, got, want)
		}
	}
}
