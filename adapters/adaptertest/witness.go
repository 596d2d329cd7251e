package adaptertest

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// witness stands between source or receiver and platform, and listens to the log.
type witness struct {
	next http.Handler

	mu       sync.Mutex
	arrival  func()       // called when a request arrives, if set
	status   int          // what is answered in the platform's place, if not 0
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
	if status := w.note(request, body); status != 0 {
		writer.Header().Set("Content-Type", "application/json")
		writer.WriteHeader(status)
		return
	}
	w.next.ServeHTTP(writer, request)
}

// note keeps what arrived and gives the status to answer it with, 0 to let the platform answer.
func (w *witness) note(request *http.Request, body []byte) (status int) {
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
	return w.status
}

// answerWith has the witness answer with a status and no body, and the platform is asked no more.
func (w *witness) answerWith(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status = status
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
func (w *witness) receives(t *testing.T, values []string) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	plain := w.received.String()
	for _, value := range values {
		if !strings.Contains(plain, value) && !strings.Contains(plain, url.QueryEscape(value)) {
			t.Errorf("the platform was not told %q, which is in the purpose", value)
		}
	}
}

// keptPrivate wants no ID number, name or file number in a URL, a log line or an error.
func (w *witness) keptPrivate(t *testing.T, subject exchange.Subject, err error) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	places := map[string]string{"a URL": strings.Join(w.urls, "\n"), "the log": w.log.String()}
	if err != nil {
		places["the error"] = err.Error()
	}
	for place, text := range places {
		for _, personal := range []string{subject.IDNumber.Reveal(), subject.Name, subject.FileNumber} {
			if personal != "" && (strings.Contains(text, personal) || strings.Contains(text, url.QueryEscape(personal))) {
				t.Errorf("personal data in %s", place)
			}
		}
	}
}
