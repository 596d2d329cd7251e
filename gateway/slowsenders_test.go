package gateway_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/zhengqiao/zhengqiao/gateway"
)

// slowSenders are callers whose bodies do not come until the test ends.
type slowSenders struct {
	reading chan struct{} // one for each body that is waited for
	release chan struct{}
	under   sync.WaitGroup
}

// slowBody never comes.
type slowBody struct{ *slowSenders }

func (b slowBody) Read([]byte) (int, error) {
	b.reading <- struct{}{}
	<-b.release
	return 0, io.ErrUnexpectedEOF
}

// begin has count unsigned callers send, and returns when the handler is either done with each or waits for its body. The calls are
// made without a network, on which nobody can see how far a call has come.
func begin(t *testing.T, handler http.Handler, path string, count int) {
	t.Helper()
	s := &slowSenders{reading: make(chan struct{}), release: make(chan struct{})}
	t.Cleanup(func() { close(s.release); s.under.Wait() })
	for range count {
		done := make(chan struct{})
		request := httptest.NewRequest("POST", path, slowBody{s})
		s.under.Go(func() {
			defer close(done)
			handler.ServeHTTP(httptest.NewRecorder(), request)
		})
		select {
		case <-s.reading:
		case <-done:
			t.Fatal("a slow sender was turned away: it found no place")
		}
	}
}

// heldTaker answers when it is released.
type heldTaker struct{ entered, release chan struct{} }

func (h heldTaker) Take(context.Context, http.Header, []byte) (int, []byte, error) {
	if h.entered != nil {
		h.entered <- struct{}{}
		<-h.release
	}
	return http.StatusOK, []byte(`{"taken":true}`), nil
}

const pushPath = "/push/suihaoban"

func newPushRig(t *testing.T, taker heldTaker) *rig {
	return newRig(t, func(deps *gateway.Deps) {
		deps.Pushes = []gateway.Push{{Path: pushPath, Platform: "suihaoban", MaxBody: 1 << 10, Taker: taker}}
	})
}

// pushStatus pushes without a network.
func pushStatus(r *rig) int {
	answer := httptest.NewRecorder()
	r.gateway.ServeHTTP(answer, httptest.NewRequest("POST", pushPath, strings.NewReader(`{}`)))
	return answer.Code
}

func TestSlowSendersTakeNoPlaceOfPushes(t *testing.T) {
	t.Parallel()
	r := newPushRig(t, heldTaker{})
	begin(t, r.gateway, pushPath, 40)
	if status := pushStatus(r); status != 200 {
		t.Errorf("a push beside slow senders: %d", status)
	}
}

func TestPushesAtOnceAreBounded(t *testing.T) {
	t.Parallel()
	held := heldTaker{make(chan struct{}), make(chan struct{})}
	r := newPushRig(t, held)
	var under sync.WaitGroup
	for range 8 {
		under.Go(func() {
			if status := pushStatus(r); status != 200 {
				t.Errorf("a push at work: %d", status)
			}
		})
		<-held.entered
	}
	if status := pushStatus(r); status != 503 {
		t.Errorf("the ninth push: %d", status)
	}
	close(held.release)
	under.Wait()
}

func TestSlowSendersTakeNoPlaceOfOperators(t *testing.T) {
	t.Parallel()
	r := newOpsRig(t)
	begin(t, r.server.Config.Handler, "/ops/v1/changes/replay", 40)
	if status, body := r.send(t, "li", "GET", "/ops/v1/changes/status", ""); status != 200 {
		t.Errorf("an operator beside slow senders: %d %v", status, body)
	}
}

// Only operators can take the places of operators.
func TestOperatorsAtOnceAreBounded(t *testing.T) {
	t.Parallel()
	r := newOpsRig(t)
	r.desk.entered, r.desk.release = make(chan struct{}), make(chan struct{})
	var under sync.WaitGroup
	for range 32 {
		under.Go(func() {
			if status, body := r.send(t, "li", "GET", "/ops/v1/changes/status", ""); status != 200 {
				t.Errorf("an operator at work: %d %v", status, body)
			}
		})
		<-r.desk.entered
	}
	if status, body := r.send(t, "li", "GET", "/ops/v1/jobs", ""); status != 503 || body["code"] != "overloaded" {
		t.Errorf("one operator more: %d %v", status, body)
	}
	if status, body := r.send(t, "stranger", "GET", "/ops/v1/jobs", ""); status != 401 {
		t.Errorf("a stranger: %d %v", status, body)
	}
	close(r.desk.release)
	under.Wait()
}
