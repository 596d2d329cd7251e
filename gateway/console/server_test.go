package console_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/zhengqiao/zhengqiao/gateway/console"
)

// By HTTPS all pages of a browser share one connection (HTTP/2), also their streams.
func TestHTTP2(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	lent := httptest.NewTLSServer(http.NotFoundHandler()) // for its certificate, and a client that trusts it
	t.Cleanup(lent.Close)
	server, err := console.Listen(t.Context(), "127.0.0.1:0", &tls.Config{MinVersion: tls.VersionTLS12, Certificates: lent.TLS.Certificates}, r.Console, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- server.Run(ctx) }()
	transport := lent.Client().Transport.(*http.Transport).Clone()
	transport.ForceAttemptHTTP2 = true
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+server.Addr().String()+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Person", "li")
	for _, cookie := range cookiesOf(t, r) {
		request.AddCookie(cookie)
	}
	answer, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if lines := bufio.NewScanner(answer.Body); answer.ProtoMajor != 2 || !lines.Scan() || lines.Text() != "data: look" {
		t.Errorf("%s, %d", answer.Proto, answer.StatusCode)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	transport.CloseIdleConnections()
}
