package gateway

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zhengqiao/zhengqiao/exchange"
)

// over gives a request over a connection; nil: one of which nothing is known.
func over(known *connection) echo.Context {
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	if known != nil {
		request = request.WithContext(context.WithValue(request.Context(), connectionKey{}, known))
	}
	return echo.New().NewContext(request, nil)
}

func isOverloaded(err error) bool {
	failure, ok := errors.AsType[*exchange.Error](err)
	return ok && failure.Code == exchange.Overloaded && failure.RetryAfter > 0
}

// Of callers who proved nothing, so many signatures are verified at once, so many wait, for so long, and the rest is refused at once. Whose
// last signature on the connection was right is not held up by any of them.
func TestStrangersAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const atOnce = 2
		s := newStrangers(atOnce)
		release, under := make(chan struct{}), make(chan struct{}, atOnce+strangersInLine)
		verify := s.bound(func(echo.Context) error {
			under <- struct{}{}
			<-release
			return nil
		})
		results := make(chan error, atOnce+strangersInLine)
		var all sync.WaitGroup
		for range atOnce + strangersInLine {
			all.Go(func() { results <- verify(over(&connection{})) })
		}
		synctest.Wait()
		if len(under) != atOnce || len(results) != 0 {
			t.Errorf("%d signatures are verified at once, %d requests are through; want %d and none", len(under), len(results), atOnce)
		}
		began := time.Now()
		if err := verify(over(nil)); !isOverloaded(err) || time.Since(began) > 0 {
			t.Errorf("one too many: %v after %v", err, time.Since(began))
		}
		known := &connection{}
		known.trusted.Store(true)
		if err := s.bound(func(echo.Context) error { return nil })(over(known)); err != nil || time.Since(began) > 0 {
			t.Errorf("a platform meanwhile: %v after %v", err, time.Since(began))
		}
		time.Sleep(strangersPatience)
		synctest.Wait()
		if len(results) != strangersInLine {
			t.Errorf("after %v %d of %d have left the line", strangersPatience, len(results), strangersInLine)
		}
		for range len(results) {
			if err := <-results; !isOverloaded(err) {
				t.Errorf("who waited in vain: %v", err)
			}
		}
		close(release)
		all.Wait()
		for range atOnce {
			if err := <-results; err != nil {
				t.Errorf("who was verified: %v", err)
			}
		}
		if len(s.line)+len(s.places) > 0 {
			t.Errorf("%d in line and %d places taken when all have left", len(s.line), len(s.places))
		}
	})
}

// A wrong signature makes a stranger of whoever is behind the connection, until the next right one.
func TestTrustFollowsTheLastSignature(t *testing.T) {
	t.Parallel()
	s := newStrangers(1)
	known, wrong := &connection{}, errors.New("wrong signature")
	for i, answer := range []error{nil, nil, wrong, wrong, nil} {
		before := known.trusted.Load()
		inLine := 0
		err := s.bound(func(echo.Context) error {
			inLine = len(s.line)
			return answer
		})(over(known))
		if !errors.Is(err, answer) || known.trusted.Load() != (answer == nil) {
			t.Errorf("request %d: %v, trusted: %v", i, err, known.trusted.Load())
		}
		if (inLine == 0) != before {
			t.Errorf("request %d: trusted before: %v, but %d in line", i, before, inLine)
		}
	}
}

// Who hangs up while it waits leaves the line.
func TestStrangerHangsUp(t *testing.T) {
	t.Parallel()
	s := newStrangers(1)
	s.places <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.enter(ctx); !isOverloaded(err) || !errors.Is(err, context.Canceled) || len(s.line) > 0 {
		t.Errorf("%v, %d in line", err, len(s.line))
	}
}
