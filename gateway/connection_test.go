package gateway_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/gateway"
)

// line is one connection to a server of ours.
type line struct {
	net.Conn
	in *bufio.Reader
}

// serveLines runs the rig's gateway on a server of ours and gives a way to connect to it.
func (r *rig) serveLines(t *testing.T, limits gateway.Limits) func() *line {
	t.Helper()
	server, stop := serve(t, gateway.ServerConfig{Limits: limits}, r.gateway)
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	r.server.URL = "http://" + server.Addr().String() // requests are signed for it
	return func() *line {
		conn := must(net.Dial("tcp", server.Addr().String()))(t)
		t.Cleanup(func() { _ = conn.Close() })
		return &line{conn, bufio.NewReader(conn)}
	}
}

// ask sends a request over the connection and tells whether the answer closes it.
func (l *line) ask(t *testing.T, request *http.Request) (status int, closes bool) {
	t.Helper()
	if err := request.Write(l); err != nil {
		t.Fatal(err)
	}
	return l.answer(t, request)
}

func (l *line) answer(t *testing.T, request *http.Request) (status int, closes bool) {
	t.Helper()
	answer := must(http.ReadResponse(l.in, request))(t)
	must(io.Copy(io.Discard, answer.Body))(t)
	if answer.Header.Get("Signature") == "" {
		t.Errorf("status %d: not signed", answer.StatusCode)
	}
	return answer.StatusCode, answer.Close
}

// ended waits for the server to close the connection.
func (l *line) ended(t *testing.T) {
	t.Helper()
	if rest, err := io.ReadAll(l.in); len(rest) > 0 {
		t.Errorf("%d bytes behind the last answer, %v", len(rest), err)
	}
}

func (r *rig) page(t tb) *http.Request {
	t.Helper()
	return must(http.NewRequest(http.MethodGet, r.server.URL+"/problems/internal", nil))(t)
}

// Whoever proved nothing gets an answer and no place to wait.
func TestUnprovedConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	connect := r.serveLines(t, gateway.Limits{})
	spoilt := r.sign(t, "suishenban", "GET", "/v1/capabilities", nil)
	spoilt.Header.Set("Signature", "sig1=:MAYCAQACAQA=:")
	stranger := r.sign(t, "stranger", "GET", "/v1/capabilities", nil)
	nowhere := must(http.NewRequest(http.MethodGet, r.server.URL+"/nowhere", nil))(t)
	for name, row := range map[string]struct {
		request *http.Request
		status  int
	}{"a page": {r.page(t), 200}, "no path": {nowhere, 404}, "a wrong signature": {spoilt, 401}, "no platform": {stranger, 401}} {
		l := connect()
		if status, closes := l.ask(t, row.request); status != row.status || !closes {
			t.Errorf("%s: status %d, closed %t", name, status, closes)
		}
		l.ended(t)
	}
}

// A platform's connection stays open, also when something on it is not in order.
func TestPlatformsConnectionsStay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	l := r.serveLines(t, gateway.Limits{})()
	unsigned := must(http.NewRequest(http.MethodGet, r.server.URL+"/v1/capabilities", nil))(t)
	for i, row := range []struct {
		request *http.Request
		status  int
	}{
		{r.sign(t, "suishenban", "GET", "/v1/capabilities", nil), 200}, {r.page(t), 200}, {unsigned, 401},
		{r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json")), 200},
	} {
		if status, closes := l.ask(t, row.request); status != row.status || closes {
			t.Errorf("request %d: status %d, closed %t", i, status, closes)
		}
	}
}

// A connection on which nothing comes is closed when the time for a header is over.
func TestSilentConnectionsAreClosed(t *testing.T) {
	t.Parallel()
	newRig(t).serveLines(t, gateway.Limits{HeaderTime: time.Millisecond})().ended(t)
}

// A body that doesn't arrive is not a body of bad JSON, and nothing can follow on its connection.
func TestIncompleteBodies(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	connect := r.serveLines(t, gateway.Limits{ReadTime: 50 * time.Millisecond})
	request := r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json"))
	for name, row := range map[string]struct {
		field, sent string
		hangUp      bool
	}{
		"late":           {"Content-Length: 100", "{", false},
		"broken off":     {"Content-Length: 100", "{", true},
		"no whole chunk": {"Transfer-Encoding: chunked", "9\r\n{", true},
		"no chunk":       {"Transfer-Encoding: chunked", "x\r\n", false},
	} {
		l := connect()
		var head bytes.Buffer
		fmt.Fprintf(&head, "POST %s HTTP/1.1\r\nHost: %s\r\n%s\r\n\r\n%s", request.URL.Path, request.Host, row.field, row.sent)
		must(l.Write(head.Bytes()))(t)
		if row.hangUp {
			_ = l.Conn.(*net.TCPConn).CloseWrite()
		}
		if status, closes := l.answer(t, request); status != http.StatusRequestTimeout || !closes {
			t.Errorf("%s: status %d, closed %t", name, status, closes)
		}
		l.ended(t)
	}
}
