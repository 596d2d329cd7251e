package gateway_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// raw sends a request line as it stands, which no HTTP client would.
func (r *rig) raw(t tb, line string, fields ...string) response {
	t.Helper()
	address := strings.TrimPrefix(r.server.URL, "http://")
	conn := must(net.Dial("tcp", address))(t)
	defer conn.Close()
	text := line + "\r\nHost: " + address + "\r\nConnection: close\r\n" + strings.Join(append(fields, ""), "\r\n") + "\r\n"
	must(fmt.Fprint(conn, text))(t)
	method, _, _ := strings.Cut(line, " ")
	answer := must(http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method}))(t)
	defer answer.Body.Close()
	return response{status: answer.StatusCode, header: answer.Header, body: must(io.ReadAll(answer.Body))(t)}
}

func TestOnlyCanonicalPathsExist(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, path := range []string{
		"/v1/licences%2Fquery", "/v1/licences%2fquery", "//v1/licences/query", "/v1//licences/query", "/v1/./licences/query",
		"/v1/x/../licences/query", "/v1/licences/query/", "/v1/licences/query%00", "/v1/licences/que%72y", "/v1/licences/query;a=b",
		"/V1/licences/query", "/v1/licences/query%20", `/v1\licences\query`, "/v1/licences/查", "/", "/v1", "/v1/licences/" + idGood,
		"/problems/internal%2F..", "/problems/../openapi.yaml", "/%2e%2e/docs", "/problems/" + idGood, "/.git/config",
		"/metrics", "/healthz", "*", "http://other.example/v1/licences/query",
	} {
		got := r.raw(t, "POST "+path+" HTTP/1.1", "Content-Length: 0")
		if got.status == http.StatusBadRequest && got.header.Get("X-Request-Id") == "" {
			continue // the HTTP server itself found the request line malformed
		}
		p := got.problem(t)
		if p.Code != "not-found" && !(strings.HasPrefix(path, "/problems/") && p.Code == "method-not-allowed") {
			t.Errorf("%s: came out as %s", path, p.Code)
		}
		if strings.Contains(string(got.body), idGood) {
			t.Errorf("%s: the answer repeats the path", path)
		}
	}
	r.checkQuiet(t)
}

func TestOtherMethodsAreNamedAsSuch(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, line := range []string{
		"GET /v1/licences/query", "DELETE /v1/licences/query", "OPTIONS /v1/violations/query", "POST /v1/capabilities", "PUT /docs",
		"TRACE /v1/licences/query", "HEAD /docs", "BREW /docs",
	} {
		got := r.raw(t, line+" HTTP/1.1", "Content-Length: 0")
		if got.status != http.StatusMethodNotAllowed || strings.Contains(got.header.Get("Allow"), "OPTIONS") || got.header.Get("Allow") == "" ||
			got.header.Get("Signature") == "" {
			t.Errorf("%s: status %d, Allow %q", line, got.status, got.header.Get("Allow"))
		}
	}
}

// A field that tries to end the header early is refused before it reaches anything of ours, or is a value like any other.
func TestHeaderInjectionGoesNowhere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, field := range []string{
		"X-Request-Id: a\rX-Injected: 1", "Accept-Language: en\x00", "Accept-Language: en\r\n X-Injected: 1", "X-Request-Id: " + idGood,
		"Signature-Input : x", "X-Forwarded-For: " + idGood, "X-Original-URL: /metrics", "X-HTTP-Method-Override: DELETE",
		"Transfer-Encoding: chunked\r\nContent-Length: 5",
	} {
		got := r.raw(t, "GET /nowhere HTTP/1.1", field)
		if got.status >= 500 || got.header.Get("X-Injected") != "" || strings.Contains(fmt.Sprint(got.header, string(got.body)), idGood) {
			t.Errorf("%q: status %d, %v", field, got.status, got.header)
		}
	}
	r.checkQuiet(t)
}

// A document's request may bring a body, which nobody reads: it is neither too large nor malformed.
func TestDocumentsDontReadBodies(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	request := must(http.NewRequest(http.MethodGet, r.server.URL+"/openapi.yaml", strings.NewReader(strings.Repeat("x", 100<<10))))(t)
	if got := r.send(t, request); got.status != 200 {
		t.Errorf("status %d", got.status)
	}
}

// What the HTTP server refuses by itself never gets as far as a signature or a log line; docs/contract.md lists it.
func TestWhatIsNoRequestIsAnsweredBare(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for want, request := range map[int][2]string{
		http.StatusBadRequest:                  {"GET /docs HTTP/1.1", "Content-Length: " + idGood},
		http.StatusExpectationFailed:           {"GET /docs HTTP/1.1", "Expect: " + idGood},
		http.StatusRequestHeaderFieldsTooLarge: {"GET /docs HTTP/1.1", "X-Long: " + strings.Repeat("x", 1<<20+8<<10)},
		http.StatusNotImplemented:              {"POST /docs HTTP/1.1", "Transfer-Encoding: gzip"},
		http.StatusHTTPVersionNotSupported:     {"GET /docs HTTP/2.9", "X: x"},
	} {
		got := r.raw(t, request[0], request[1])
		if got.status != want || got.header.Get("Signature") != "" || strings.Contains(string(got.body), idGood) {
			t.Errorf("status %d, want %d: %s", got.status, want, got.body)
		}
	}
	r.checkQuiet(t)
}
