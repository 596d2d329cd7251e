package adaptertest

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// witness stands between source and platform, and listens to the source's log.
type witness struct {
	next http.Handler

	mu       sync.Mutex
	arrival  func()       // called when a request arrives, if set
	urls     []string     // of all requests, as sent
	received bytes.Buffer // bodies and header values of all requests
	log      bytes.Buffer
}

// ServeHTTP notes the request and passes it on.
func (w *witness) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return // the caller has left
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	w.note(request, body)
	w.next.ServeHTTP(writer, request)
}

func (w *witness) note(request *http.Request, body []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.urls = append(w.urls, request.RequestURI)
	w.received.Write(body)
	for _, values := range request.Header {
		w.received.WriteString("\n" + strings.Join(values, "\n"))
	}
	if w.arrival != nil {
		w.arrival()
	}
}

// onArrival has f called when a request arrives.
func (w *witness) onArrival(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.arrival = f
}

// logger writes into the witness's own log, everything from debug upwards.
func (w *witness) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(lockedLog{w}, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

type lockedLog struct{ *witness }

func (l lockedLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.log.Write(line)
}

// receives wants the values in what the platform got, in the clear or URL-encoded.
func (c *trial) receives(values []string) {
	c.t.Helper()
	c.witness.mu.Lock()
	defer c.witness.mu.Unlock()
	plain := c.witness.received.String()
	for _, value := range values {
		if !strings.Contains(plain, value) && !strings.Contains(plain, url.QueryEscape(value)) {
			c.t.Errorf("the platform was not told %q, which is in the purpose", value)
		}
	}
}

// keptPrivate wants no ID number, name or file number in a URL, a log line or an error.
func (c *trial) keptPrivate(subject exchange.Subject, err error) {
	c.t.Helper()
	c.witness.mu.Lock()
	defer c.witness.mu.Unlock()
	places := map[string]string{"a URL": strings.Join(c.witness.urls, "\n"), "the log": c.witness.log.String()}
	if err != nil {
		places["the error"] = err.Error()
	}
	for place, text := range places {
		for _, personal := range []string{subject.IDNumber.Reveal(), subject.Name, subject.FileNumber} {
			if personal != "" && (strings.Contains(text, personal) || strings.Contains(text, url.QueryEscape(personal))) {
				c.t.Errorf("personal data in %s", place)
			}
		}
	}
}
