package outbound_test

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// failing answers so many times with failure, then with 200; it counts the calls.
func failing(times int64, failure http.HandlerFunc, calls *atomic.Int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) <= times {
			failure(w, r)
			return
		}
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(append([]byte(r.Header.Get("X-Nonce")), body...))
	}
}

func TestOnlyIdempotentCallsAreRepeated(t *testing.T) {
	t.Parallel()
	cut := raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf")
	cases := map[string]struct {
		failure    http.HandlerFunc
		idempotent bool
		calls      int64
		want       exchange.Code
	}{
		"read, 500":              {status(500), true, 2, ""},
		"read, cut":              {cut, true, 2, ""},
		"read, refused":          {status(403), true, 1, exchange.SourceRefused},
		"read, answered wrongly": {status(404), true, 1, exchange.SourceInvalid},
		"write, 500":             {status(500), false, 1, exchange.SourceDown},
		"write, cut":             {cut, false, 1, exchange.TransferInterrupted},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int64
			url := serve(t, failing(1, c.failure, &calls))
			response, err := open(t, outbound.Config{}, outbound.Deps{}).Do(t.Context(),
				outbound.Request{URL: url, Body: []byte("question"), Idempotent: c.idempotent})
			if exchange.CodeOf(err) != c.want || calls.Load() != c.calls {
				t.Errorf("got %v after %d calls, want %q after %d", err, calls.Load(), c.want, c.calls)
			}
			if err == nil && string(response.Body) != "question" {
				t.Errorf("the repeated call carried %q", response.Body)
			}
		})
	}
}

func TestAttemptsAreBounded(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	url := serve(t, failing(99, status(500), &calls))
	_, err := open(t, outbound.Config{Attempts: 3}, outbound.Deps{}).Do(t.Context(), outbound.Request{URL: url, Idempotent: true})
	if exchange.CodeOf(err) != exchange.SourceDown || calls.Load() != 3 {
		t.Errorf("got %v after %d calls, want source-down after 3", err, calls.Load())
	}
}

func TestEachAttemptIsSignedAnew(t *testing.T) {
	t.Parallel()
	var calls, nonce atomic.Int64
	url := serve(t, failing(1, status(500), &calls))
	response, err := open(t, outbound.Config{}, outbound.Deps{}).Do(t.Context(), outbound.Request{
		URL: url, Idempotent: true,
		Sign: func(header http.Header) error {
			header.Set("X-Nonce", strconv.FormatInt(nonce.Add(1), 10))
			return nil
		},
	})
	if err != nil || string(response.Body) != "2" {
		t.Errorf("the second attempt carried nonce %q, %v", response.Body, err)
	}
}

// The fields of a request may be shared by many calls, so what one attempt adds to them must stay its own.
func TestFieldsOfARequestStayAsTheyAre(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	url := serve(t, failing(1, status(500), &calls))
	shared := http.Header{"X-Nonce": append(make([]string, 0, 8), "own"), "X-Demo": {"1"}}
	response, err := open(t, outbound.Config{}, outbound.Deps{}).Do(t.Context(), outbound.Request{
		URL: url, Header: shared, Idempotent: true,
		Sign: func(header http.Header) error {
			header["X-Nonce"] = append(header["X-Nonce"][:0], "signed "+header.Get("X-Demo"))
			header.Add("X-Demo", "2")
			return nil
		},
	})
	if err != nil || string(response.Body) != "signed 1" || shared.Get("X-Nonce") != "own" || len(shared["X-Demo"]) != 1 {
		t.Errorf("sent %q, %v; the request's own are now %v", response.Body, err, shared)
	}
}

// A platform that says "in 30 s" is asked again after 1 s at most, or not at all when the deadline comes first; the failure
// stays the platform's, not a timeout of ours.
func TestRetryAfterNeverOutlastsTheDeadline(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	url := serve(t, failing(99, status(503, "Retry-After", "30"), &calls))
	ctx, cancel := context.WithTimeout(t.Context(), 900*time.Millisecond)
	defer cancel()
	_, err := open(t, outbound.Config{}, outbound.Deps{}).Do(ctx, outbound.Request{URL: url, Idempotent: true})
	if exchange.CodeOf(err) != exchange.SourceDown || calls.Load() != 1 || ctx.Err() != nil {
		t.Errorf("got %v after %d calls (%v), want source-down at once after 1", err, calls.Load(), ctx.Err())
	}
}
