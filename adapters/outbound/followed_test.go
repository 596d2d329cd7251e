package outbound_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// spans keeps what it is told, and gives each attempt a header field to carry on.
type spans struct {
	mu   sync.Mutex
	told []string
}

func (s *spans) Attempt(_ context.Context, destination string, n int, carry http.Header) func(int, exchange.Code) {
	if carry != nil {
		carry.Set("Traceparent", fmt.Sprintf("attempt-%d", n))
	}
	return func(status int, failure exchange.Code) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.told = append(s.told, fmt.Sprintf("%s %d: %d %s", destination, n, status, failure))
	}
}

// Each attempt is told of with its own end, and only a destination that may know is told of the trace.
func TestAttemptsAreFollowed(t *testing.T) {
	t.Parallel()
	for _, traced := range []bool{false, true} {
		var mu sync.Mutex
		var seen []string
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, r.Header.Get("Traceparent"))
			if len(seen) == 1 {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		})
		var told spans
		given := http.Header{"X-Demo": {"1"}}
		_, err := open(t, outbound.Config{}, outbound.Deps{Spans: &told}).Do(t.Context(), outbound.Request{URL: url, Header: given, Idempotent: true, Traced: traced})
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"demo 1: 503 source-down", "demo 2: 200 "}; !slices.Equal(told.told, want) {
			t.Errorf("told %q, want %q", told.told, want)
		}
		want := []string{"", ""}
		if traced {
			want = []string{"attempt-1", "attempt-2"}
		}
		if !slices.Equal(seen, want) || len(given) != 1 {
			t.Errorf("the destination saw %q, want %q; the caller's header is %v", seen, want, given)
		}
	}
}
