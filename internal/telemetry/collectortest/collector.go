// Package collectortest is a collector for tests: it takes traces by OTLP over HTTP and shows what came. It keeps everything in memory.
package collectortest

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	collect "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	traces "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Collector is a running collector.
type Collector struct {
	URL string // its address, without a path

	mu       sync.Mutex
	spans    []*traces.Span
	text     string // everything that came, as JSON
	requests []*http.Request
	arrived  chan struct{} // closed and renewed with each delivery
}

// Start runs one until the test ends.
func Start(t testing.TB) *Collector {
	t.Helper()
	c := &Collector{arrived: make(chan struct{})}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	c.URL = server.URL
	return c
}

// ServeHTTP implements POST /v1/traces.
func (c *Collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given, err := read(r)
	if err != nil || r.URL.Path != "/v1/traces" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests = append(c.requests, r)
	c.text += protojson.Format(given)
	for _, resource := range given.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			c.spans = append(c.spans, scope.Spans...)
		}
	}
	close(c.arrived)
	c.arrived = make(chan struct{})
	w.Header().Set("Content-Type", "application/x-protobuf")
}

func read(r *http.Request) (*collect.ExportTraceServiceRequest, error) {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, err
		}
		body = unpacked
	}
	data, err := io.ReadAll(io.LimitReader(body, 16<<20))
	if err != nil {
		return nil, err
	}
	given := &collect.ExportTraceServiceRequest{}
	return given, proto.Unmarshal(data, given)
}

// Wait gives the spans once enough of them are there.
func (c *Collector) Wait(t testing.TB, enough func([]*traces.Span) bool) []*traces.Span {
	t.Helper()
	for {
		c.mu.Lock()
		spans, arrived := c.spans, c.arrived
		c.mu.Unlock()
		if enough(spans) {
			return spans
		}
		select {
		case <-arrived:
		case <-t.Context().Done():
			t.Fatalf("not enough spans came: %d", len(spans))
		}
	}
}

// Named gives the first span of a name; nil if none came.
func Named(spans []*traces.Span, name string) *traces.Span {
	for _, span := range spans {
		if span.Name == name {
			return span
		}
	}
	return nil
}

// Text gives everything that came, resource and attributes included, as JSON.
func (c *Collector) Text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text
}

// Requests gives the deliveries.
func (c *Collector) Requests() []*http.Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.requests
}
