package policydesk_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/zhengqiao/zhengqiao/gateway/policydesk"
	"github.com/zhengqiao/zhengqiao/internal/smcrypto/httpsig"
)

// stalled is a body that does not come, and breaks off in the end.
type stalled struct {
	begun   chan<- struct{}
	release <-chan struct{}
}

func (s stalled) Read([]byte) (int, error) {
	s.begun <- struct{}{}
	<-s.release
	return 0, io.ErrUnexpectedEOF
}

// However many strangers send slowly, a proven person finds a place.
func TestSlowStrangersTakeNoPlace(t *testing.T) {
	t.Parallel()
	const strangers = 16
	var handler http.Handler
	_, known, _ := serve(t, func(h http.Handler) { handler = h })
	begun, release := make(chan struct{}), make(chan struct{})
	var under sync.WaitGroup
	for range strangers {
		under.Go(func() {
			answer := httptest.NewRecorder()
			handler.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, policydesk.PublishPath, stalled{begun, release}))
			if answer.Code != http.StatusRequestTimeout || !strings.Contains(answer.Body.String(), "body-incomplete") {
				t.Errorf("a body that broke off: %d %s", answer.Code, answer.Body)
			}
		})
	}
	for range strangers {
		<-begun
	}
	if reply, err := known.Call(t.Context(), policydesk.StandingPath, nil); err != nil || reply.Status != http.StatusOK {
		t.Errorf("a proven person: %+v, %v", reply, err)
	}
	close(release)
	under.Wait()
}

type verifier struct{ err error }

func (v verifier) VerifyHTTP(*http.Request, []byte) (httpsig.Verified, error) {
	return httpsig.Verified{}, v.err
}

type signer struct{}

func (signer) SignResponse(*httpsig.Response) ([]byte, error) { return nil, nil }

// A failure of ours is not told as a wrong signature.
func TestFailureToVerifyIsNoRefusal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err    error
		status int
	}{
		"refused":       {httpsig.ErrKeyUnknown, http.StatusUnauthorized},
		"no nonce kept": {httpsig.ErrNonceStore, http.StatusServiceUnavailable},
		"broken":        {errors.New("disk full at /var/lib"), http.StatusInternalServerError},
	} {
		answer := httptest.NewRecorder()
		policydesk.New(desk{}, verifier{c.err}, signer{}, slog.New(slog.DiscardHandler), most).
			ServeHTTP(answer, httptest.NewRequest(http.MethodGet, policydesk.StandingPath, nil))
		if answer.Code != c.status || strings.Contains(answer.Body.String(), "disk") {
			t.Errorf("%s: %d %s", name, answer.Code, answer.Body)
		}
	}
}
