package access_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/gateway/console"
)

// The log says why nobody came in, in one line of bounded length, and whose fault it is.
func TestWhySigningInFails(t *testing.T) {
	t.Parallel()
	for code, status := range map[string]int{
		"invalid_grant": http.StatusUnauthorized, "invalid_client": http.StatusBadGateway, "unauthorized_client": http.StatusBadGateway,
	} {
		p := newProvider(t)
		e := entranceOf(t, p)
		to, cookies := begun(t, e)
		p.refuses = code
		_, _, err := finished(t, e, p.authorize(to), cookies)
		fault, provider := errors.AsType[*console.Fault](err)
		if stranger := errors.Is(err, console.ErrStranger); stranger != (status == http.StatusUnauthorized) || provider && fault.Status != status || stranger == provider {
			t.Errorf("%s: %v", code, err)
		}
		if text := err.Error(); !strings.Contains(text, code) || strings.Contains(text, "\n") || len(text) > 500 {
			t.Errorf("%s: the log says %s", code, text)
		}
	}
	p := newProvider(t)
	e := entranceOf(t, p)
	to, cookies := begun(t, e)
	query := p.authorize(to)
	query.Del("code")
	query.Set("error", "access_denied")
	if _, _, err := finished(t, e, query, cookies); !errors.Is(err, console.ErrStranger) || !strings.Contains(err.Error(), "access_denied") {
		t.Error(err)
	}
}

// A provider that does not answer holds up nobody behind the one who waits for it.
func TestNobodyWaitsForAnothersQuestion(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.hold, p.asked = make(chan struct{}), make(chan struct{}, 2)
	e := entranceOf(t, p)
	done := make(chan error, 2)
	for range 2 {
		go func() {
			done <- e.Begin(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/enter", nil), "/")
		}()
		<-p.asked // the second comes while the first one is not answered
	}
	close(p.hold)
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
