package gateway_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/gateway"
)

// Who reads a log line must not have to guess the unit.
func TestLogStatesElapsedMilliseconds(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(deps *gateway.Deps) {
		start, calls := deps.Clock(), 0
		deps.Clock = func() time.Time { // one request reads it at its begin and at its end, in one goroutine
			calls++
			return start.Add(time.Duration(calls) * 1_500_400 * time.Nanosecond)
		}
	})
	request := must(http.NewRequest(http.MethodGet, "/openapi.yaml", nil))(t)
	request.RequestURI = "/openapi.yaml"
	r.gateway.ServeHTTP(discard{header: http.Header{}}, request)
	if line := r.logs.String(); !strings.Contains(line, `"elapsedMs":1.5,`) {
		t.Errorf("the log says %s", line)
	}
}

// discard is a response that nobody reads.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}
