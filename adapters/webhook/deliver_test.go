package webhook_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/zhengqiao/zhengqiao/adapters/outbound"
	"github.com/zhengqiao/zhengqiao/adapters/webhook"
	"github.com/zhengqiao/zhengqiao/exchange"
)

// TestAnswers: what else than a status decides about an answer.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]exchange.Code{
		`{"licence":"6f1d0c9a5b7e","version":7}`:                   "",
		`{"licence":"6f1d0c9a5b7e","version":9,"message":"newer"}`: "",
		`{"licence":"6f1d0c9a5b7e","version":6}`:                   exchange.SourceInvalid,
		`{"licence":"6f1d0c9a5b7e"}`:                               exchange.SourceInvalid,
		`{"licence":"another","version":7}`:                        exchange.SourceInvalid,
		`{"licence":"6f1d0c9a5b7e","licence":"other","version":7}`: exchange.SourceInvalid,
		`{"licence":"6f1d0c9a5b7e","version":-1}`:                  exchange.SourceInvalid,
		`{"errcode":50001,"errmsg":"系统繁忙"}`:                        exchange.SourceInvalid,
		`ok`: exchange.SourceInvalid,
		``:   exchange.SourceInvalid,
	} {
		box, receiver := posting(t, "", nil, oneKey(t), outbound.Deps{})
		box.answer = func(writer http.ResponseWriter, _ int) {
			writer.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(writer, answer)
		}
		if err := receiver.Changes.Apply(t.Context(), sample(t)); exchange.CodeOf(err) != want {
			t.Errorf("%s: error %v, want %q", answer, err, want)
		}
	}
}

// TestRedirectsAreNotFollowed: an event goes where the configuration says and nowhere else.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere, _ := posting(t, "", nil, oneKey(t), outbound.Deps{})
	server := httptest.NewServer(elsewhere)
	t.Cleanup(server.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		box, receiver := posting(t, "", nil, oneKey(t), outbound.Deps{})
		box.answer = func(writer http.ResponseWriter, _ int) {
			writer.Header().Set("Location", server.URL)
			writer.WriteHeader(status)
		}
		if err := receiver.Changes.Apply(t.Context(), sample(t)); exchange.CodeOf(err) != exchange.SourceInvalid {
			t.Errorf("%d: error %v", status, err)
		}
	}
	if len(elsewhere.bodies) != 0 {
		t.Errorf("%d events went elsewhere", len(elsewhere.bodies))
	}
}

// TestRetryAfter passes the platform's advice on.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		box, receiver := posting(t, "", func(c *webhook.Config) { c.HTTP.Attempts = 1 }, oneKey(t), outbound.Deps{})
		box.answer = func(writer http.ResponseWriter, _ int) {
			writer.Header().Set("Retry-After", strconv.Itoa(90))
			writer.WriteHeader(status)
		}
		err := receiver.Changes.Apply(t.Context(), sample(t))
		if failure, ok := errors.AsType[*exchange.Error](err); !ok || failure.RetryAfter.Seconds() != 90 || failure.Source != "demo" {
			t.Errorf("%d: error %+v", status, err)
		}
	}
}

// TestAddressesAreHeldToTheList: nothing is posted to an address that http.allow does not name.
func TestAddressesAreHeldToTheList(t *testing.T) {
	t.Parallel()
	for _, allow := range [][]string{nil, {"10.0.0.0/8"}} {
		box, receiver := posting(t, "", func(c *webhook.Config) { c.HTTP.Allow = allow }, oneKey(t), outbound.Deps{})
		if err := receiver.Changes.Apply(t.Context(), sample(t)); exchange.CodeOf(err) != exchange.SourceDown || len(box.bodies) != 0 {
			t.Errorf("%v: error %v, %d posted", allow, err, len(box.bodies))
		}
	}
}
