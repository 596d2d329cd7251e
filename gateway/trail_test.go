package gateway_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway"
)

// tracer keeps what it is told, and every trace.
type tracer struct {
	mu     sync.Mutex
	begun  []string
	ended  []string
	start  time.Time
	header http.Header
}

type tracedKey struct{}

func (k *tracer) Begin(ctx context.Context, name string, header http.Header, proven bool, start time.Time) (context.Context, string, func(bool, []slog.Attr)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.begun, k.start, k.header = append(k.begun, fmt.Sprintf("%s %v", name, proven)), start, header
	return context.WithValue(ctx, tracedKey{}, true), "4bf92f3577b34da6a3ce929d0e0e4736", func(failed bool, attributes []slog.Attr) {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.ended = append(k.ended, fmt.Sprint(failed, attributes))
	}
}

func TestRequestsAreFollowed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		signer, path, body string
		begun              string // whether the caller counted as proven
		ended              []string
	}{
		"answered":     {"suishenban", "/v1/licences/query", string(testdata(t, "licence.json")), "queryLicence true", []string{"false", "outcome=answered", "platform=suishenban", "revision=", "index=0"}},
		"broken":       {"suishenban", "/v1/licences/query", "{", "queryLicence true", []string{"false", "outcome=malformed-json", "platform=suishenban"}},
		"a stranger":   {"stranger", "/v1/licences/query", string(testdata(t, "licence.json")), "queryLicence false", []string{"false", "outcome=unknown-platform"}},
		"no such path": {"suishenban", "/v1/" + idGood, "", "none false", []string{"false", "outcome=not-found"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kept := &tracer{}
			r := newRig(t, func(d *gateway.Deps) { d.Tracer = kept })
			r.send(t, r.sign(t, c.signer, "POST", c.path, []byte(c.body)))
			if len(kept.begun) != 1 || kept.begun[0] != c.begun || len(kept.ended) != 1 || !kept.start.Equal(testNow()) {
				t.Fatalf("begun %q at %s, ended %q, want %s", kept.begun, kept.start, kept.ended, c.begun)
			}
			for _, want := range c.ended {
				if !strings.Contains(kept.ended[0], want) {
					t.Errorf("ended with %s, want %s", kept.ended[0], want)
				}
			}
			if strings.Contains(kept.ended[0], idGood) || strings.Contains(kept.ended[0], "/v1/") {
				t.Errorf("a span shows a path: %s", kept.ended[0])
			}
			if line := r.logs.String(); !strings.Contains(line, `"trace":"4bf92f3577b34da6a3ce929d0e0e4736"`) {
				t.Errorf("the log has no trace: %s", line)
			}
		})
	}
}

// The log event tells where the time went, also of a query that failed.
func TestLogTellsOfTheWay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.desk.failure = exchange.Errorf(exchange.SourceDown, "cause")
	r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json")))
	line := r.logs.String()
	for _, want := range []string{`"queuedMs":0`, `"revision":"`, `"attempts":[{"source":"`, `"outcome":"source-down","tookMs":0}]`} {
		if !strings.Contains(line, want) {
			t.Errorf("the log lacks %s: %s", want, line)
		}
	}
	if strings.Contains(line, `"trace"`) {
		t.Error("the log has a trace that nobody keeps")
	}
}
