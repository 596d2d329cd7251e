package console_test

import (
	"bufio"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/gateway/console"
)

// listening is a console on a port of its own.
func listening(t *testing.T, r *rig) (url string, stop func()) {
	t.Helper()
	server, err := console.Listen(t.Context(), "127.0.0.1:0", nil, r.Console, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- server.Run(ctx) }()
	ended := false
	stop = func() {
		cancel()
		if !ended {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		ended = true
	}
	t.Cleanup(stop)
	return "http://" + server.Addr().String(), stop
}

// stream opens a stream with the session of the cookies.
func stream(t *testing.T, url string, cookies []*http.Cookie) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Person", "li")
	for _, cookie := range cookies {
		request.AddCookie(cookie)
	}
	answer, err := http.DefaultTransport.(*http.Transport).Clone().RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	return answer
}

func cookiesOf(t *testing.T, r *rig) []*http.Cookie {
	t.Helper()
	return r.browser(t, "li").send("GET", "/", nil).Cookies()
}

// A page hears of a change, and the end of the gateway ends its stream at once.
func TestStreams(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	url, stop := listening(t, r)
	answer := stream(t, url, cookiesOf(t, r))
	lines := bufio.NewScanner(answer.Body)
	look := func() bool {
		for lines.Scan() {
			if lines.Text() == "data: look" {
				return true
			}
		}
		return false
	}
	if !look() || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/event-stream") {
		t.Fatalf("no stream: %v", answer.Header)
	}
	r.mu.Lock()
	r.state = "changed"
	r.mu.Unlock()
	if !look() {
		t.Fatal("it ended")
	}
	stop()
	for look() { // what was sent before the end
	}
}

// Streams are bounded, need a session, and end with it.
func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	url, _ := listening(t, r)
	if got := stream(t, url, nil).StatusCode; got != 401 {
		t.Errorf("without a session: %d", got)
	}
	cookies := cookiesOf(t, r)
	for i := range 64 {
		if got := stream(t, url, cookies).StatusCode; got != 200 {
			t.Fatalf("stream %d: %d", i, got)
		}
	}
	full := stream(t, url, cookies)
	if full.StatusCode != 503 || full.Header.Get("Retry-After") == "" {
		t.Errorf("one too many: %d", full.StatusCode)
	}
}
