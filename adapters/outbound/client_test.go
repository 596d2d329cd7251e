package outbound_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/exchange"
)

const personal = "11010519491231002X"

// raw answers with bytes of the test's own, around net/http's server.
func raw(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		connection, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		defer connection.Close()
		_, _ = io.WriteString(connection, answer)
	}
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, personal)
	}
}

func TestFailuresHaveCodes(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		handler http.HandlerFunc
		want    exchange.Code
		advice  time.Duration
	}{
		"unauthorised":         {status(401), exchange.SourceRefused, 0},
		"forbidden":            {status(403), exchange.SourceRefused, 0},
		"quota":                {status(429, "Retry-After", "30"), exchange.SourceRefused, 30 * time.Second},
		"failed":               {status(500), exchange.SourceDown, 0},
		"unavailable":          {status(503, "Retry-After", "7"), exchange.SourceDown, 7 * time.Second},
		"advice beyond reason": {status(503, "Retry-After", "99999999999"), exchange.SourceDown, 24 * time.Hour},
		"advice as a date":     {status(503, "Retry-After", "Tue, 09 Nov 2021 08:49:20 GMT"), exchange.SourceDown, 0},
		"redirected":           {status(302, "Location", "http://127.0.0.1:1/"), exchange.SourceInvalid, 0},
		"no such path":         {status(404), exchange.SourceInvalid, 0},
		"other media type":     {status(200, "Content-Type", "text/html"), exchange.SourceInvalid, 0},
		"no media type":        {status(200, "Content-Type", ""), exchange.SourceInvalid, 0},
		"not HTTP":             {raw(personal + "\r\n\r\n"), exchange.SourceInvalid, 0},
		"bad chunk":            {raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), exchange.SourceInvalid, 0},
		"header without end":   {raw("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20)), exchange.SourceInvalid, 0},
		"nothing":              {raw(""), exchange.TransferInterrupted, 0},
		"cut header":           {raw("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"), exchange.TransferInterrupted, 0},
		"cut body":             {raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + personal), exchange.TransferInterrupted, 0},
		"cut chunk":            {raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nab"), exchange.TransferInterrupted, 0},
		"too large":            {raw("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 65\r\n\r\n" + strings.Repeat("x", 65)), exchange.SourceInvalid, 0},
		"too large, unsized":   {raw("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n" + strings.Repeat("x", 1<<16)), exchange.SourceInvalid, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := open(t, outbound.Config{}, outbound.Deps{})
			url := serve(t, c.handler) + "/?sfzmhm=" + personal
			_, err := client.Do(t.Context(), outbound.Request{
				URL: url, Body: []byte(personal), MaxBody: 64, MediaTypes: []string{"text/xml"},
			})
			failure, ok := errors.AsType[*exchange.Error](err)
			if !ok || failure.Code != c.want || failure.RetryAfter != c.advice || failure.Source != "demo" {
				t.Fatalf("got %#v (%v), want %s with advice %v", failure, err, c.want, c.advice)
			}
			if strings.Contains(err.Error(), personal) {
				t.Errorf("the error repeats a personal number: %v", err)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	cases := map[string]struct{ url, cause string }{
		"refused":             {gone.URL, "connection refused"},
		"unknown name":        {"http://no-such-host.invalid/", "host name"},
		"unknown authority":   {secure.URL, "x509"},
		"TLS to a plain port": {strings.Replace(serve(t, status(200)), "http:", "https:", 1), "no connection"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := open(t, outbound.Config{}, outbound.Deps{}).Do(t.Context(), outbound.Request{URL: c.url + "?q=" + personal})
			if exchange.CodeOf(err) != exchange.SourceDown || !strings.Contains(err.Error(), c.cause) {
				t.Errorf("got %v, want source-down because of %s", err, c.cause)
			}
			if strings.Contains(err.Error(), personal) {
				t.Error("the error repeats the query string")
			}
		})
	}
}

func TestDeadlineAndCancellation(t *testing.T) {
	t.Parallel()
	silent := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
	short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	t.Cleanup(cancel)
	cancelled, cancelNow := context.WithCancel(t.Context())
	t.Cleanup(cancelNow)
	cases := map[string]struct {
		ctx    context.Context
		config outbound.Config
		cause  error
	}{
		"caller's deadline": {short, outbound.Config{}, context.DeadlineExceeded},
		"attempt's timeout": {t.Context(), outbound.Config{Timeout: 20 * time.Millisecond}, context.DeadlineExceeded},
		"cancelled":         {cancelled, outbound.Config{}, context.Canceled},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if name == "cancelled" {
					cancelNow()
				}
				silent(w, r)
			})
			_, err := open(t, c.config, outbound.Deps{}).Do(c.ctx, outbound.Request{URL: url, Idempotent: true})
			if exchange.CodeOf(err) != exchange.SourceTimeout || !errors.Is(err, c.cause) {
				t.Errorf("got %v, want source-timeout by %v", err, c.cause)
			}
		})
	}
}

func TestAnswerIsComplete(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		_, _ = io.WriteString(w, r.Method+" "+r.Header.Get("X-Demo")+" "+string(body))
	})
	response, err := open(t, outbound.Config{}, outbound.Deps{}).Do(t.Context(), outbound.Request{
		URL: url, Header: http.Header{"X-Demo": {"1"}}, Body: []byte("question"), MediaTypes: []string{"text/xml"},
	})
	if err != nil || string(response.Body) != "POST 1 question" || response.Status != http.StatusOK {
		t.Errorf("got %d %q, %v", response.Status, response.Body, err)
	}
}
