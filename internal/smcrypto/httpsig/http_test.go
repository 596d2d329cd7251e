package httpsig

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

// A Go client and a Go server over a real connection, on awkward targets: what
// the client signs is what the server sees.
func TestHTTPRoundTrip(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.config.Now, b.config.Authorities = time.Now, nil
	b.config.Nonces = NewMemoryNonces(100, time.Now)
	verifier := b.verifier(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil {
			_, err = verifier.VerifyHTTP(r, body)
		}
		answer := Response{Status: http.StatusOK, Header: w.Header(), Request: r.Header, Body: body}
		if err != nil {
			answer.Status, answer.Body = http.StatusUnauthorized, []byte(err.Error())
		}
		if _, err := b.gateway.SignResponse(&answer); err != nil {
			t.Error(err)
		}
		w.WriteHeader(answer.Status)
		_, _ = w.Write(answer.Body)
	}))
	t.Cleanup(server.Close)
	client, err := NewSigner("suishenban-1", standardKey(t), time.Now, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	answers := b.answers(t)
	for _, target := range []string{"", "/", "/?", "/v1/a%2Fb", "/驾?q=驾", "/a%20b?c=%2f+&&", "//double//", "/a;b=c?d#fragment"} {
		body := []byte("body of " + target)
		request, err := http.NewRequest(http.MethodPost, server.URL+target, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if err := client.SignHTTP(request, body); err != nil {
			t.Fatal(err)
		}
		response, err := server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			t.Errorf("%q: %s, %v", target, content, err)
		}
		if _, err := answers.Verify(FromHTTPResponse(response, content)); err != nil {
			t.Errorf("%q: answer: %v", target, err)
		}
	}
}

// Which port "@authority" leaves out follows the scheme that the client saw.
func TestFromHTTPAuthority(t *testing.T) {
	t.Parallel()
	target := func(text string) *url.URL {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	for name, c := range map[string]struct {
		request http.Request
		want    string
	}{
		"server":            {http.Request{Host: "GW.example:80", RequestURI: "/", URL: target("/")}, "gw.example"},
		"server, 443":       {http.Request{Host: "gw.example:443", RequestURI: "/", URL: target("/")}, "gw.example:443"},
		"server with TLS":   {http.Request{Host: "gw.example:443", TLS: &tls.ConnectionState{}, RequestURI: "/", URL: target("/")}, "gw.example"},
		"client":            {http.Request{URL: target("https://gw.example:443/")}, "gw.example"},
		"client, host set":  {http.Request{Host: "other", URL: target("https://gw.example/")}, "other"},
		"absolute target":   {http.Request{Host: "gw.example", RequestURI: "http://gw.example/x?y", URL: target("http://gw.example/x?y")}, "gw.example"},
		"address of IPv6":   {http.Request{Host: "[::1]:8080", RequestURI: "/", URL: target("/")}, "[::1]:8080"},
		"port beginning 80": {http.Request{Host: "gw:8080", RequestURI: "/", URL: target("/")}, "gw:8080"},
	} {
		r := FromHTTP(&c.request, nil)
		if got, err := r.value(component{name: "@authority"}); err != nil || got != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	absolute := FromHTTP(&http.Request{RequestURI: "http://gw.example/x?y", URL: target("http://gw.example/x?y")}, nil)
	if absolute.Path != "/x" || absolute.RawQuery != "y" {
		t.Errorf("absolute target: %q %q", absolute.Path, absolute.RawQuery)
	}
}
