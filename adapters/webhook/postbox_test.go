package webhook_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/webhook"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// postbox keeps what was posted and answers with what it is told to.
type postbox struct {
	mu      sync.Mutex
	headers []http.Header
	bodies  [][]byte
	answer  func(writer http.ResponseWriter, attempt int)
}

func (p *postbox) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.headers, p.bodies = append(p.headers, request.Header), append(p.bodies, body)
	if p.answer != nil {
		p.answer(writer, len(p.bodies))
		return
	}
	writer.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(writer, `{"licence":"6f1d0c9a5b7e","version":7}`)
}

func (p *postbox) last() (http.Header, []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.headers[len(p.headers)-1], p.bodies[len(p.bodies)-1]
}

// posting gives a postbox and a receiver with this content that posts to it.
func posting(t testing.TB, content string, change func(*webhook.Config), keys files, deps outbound.Deps) (*postbox, *exchange.Receiver) {
	t.Helper()
	box := &postbox{}
	server := httptest.NewServer(box)
	t.Cleanup(server.Close)
	config := settings(server.URL, content)
	if change != nil {
		change(&config)
	}
	return box, open(t, config, keys, deps)
}

func oneKey(t testing.TB) files {
	t.Helper()
	private, _ := newKey(t)
	return files{"file:key": private}
}
