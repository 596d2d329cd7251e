package gateway_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/specs"
)

// Whatever a source or a decision fails with comes out as the problem of its code, with the status of the catalogue, and
// recorded. That the status is documented is checked with each answer.
func TestEachFailureComesOutAsItsProblem(t *testing.T) {
	t.Parallel()
	catalogue := must(specs.Problems())(t)
	r := newRig(t)
	for _, code := range declaredCodes(t) {
		t.Run(code, func(t *testing.T) {
			r.desk.failure = &exchange.Error{Code: exchange.Code(code), Err: errors.New("cause " + idGood)}
			got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json")))
			p := got.problem(t)
			if p.Code != code || p.Status != catalogue[code].Status || p.Type != "/problems/"+code {
				t.Fatalf("came out as %s %d, type %s", p.Code, p.Status, p.Type)
			}
			if p.Title != catalogue[code].ZH.Title || p.Advice != catalogue[code].ZH.Advice {
				t.Error("the texts are not the catalogue's Chinese ones")
			}
			if strings.Contains(string(got.body), "cause") {
				t.Error("the cause shows")
			}
			if log := r.logs.String(); !strings.Contains(log, "cause") || strings.Contains(log, idGood) {
				t.Error("the log lacks the cause or shows the number in it")
			}
			if p.Receipt == nil || p.Decision == nil {
				t.Error("a failure behind the decision has neither receipt nor decision")
			}
			if p.Instance != "urn:uuid:"+got.header.Get("X-Request-Id") {
				t.Error("the problem's instance is not the request's id")
			}
		})
	}
}

// An error that nobody foresaw shows nothing of itself, and its text is in the log.
func TestUnknownErrorIsBareInternal(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{
		"no error of ours": errors.New("disk of rack 7 is on fire"),
		"no such code":     &exchange.Error{Code: "made-up", Source: "tmri-sh", Err: errors.New("disk of rack 7 is on fire")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.desk.failure = failure
			got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json")))
			p := got.problem(t)
			if p.Code != "internal" || p.Status != 500 || p.Source != "" || strings.Contains(string(got.body), "rack") {
				t.Errorf("came out as %s", got.body)
			}
			if !strings.Contains(r.logs.String(), "rack 7") {
				t.Error("the log doesn't say what happened")
			}
		})
	}
}

func TestPanicIsInternalAndItsValueStaysInside(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]any{"text": "panic about " + idGood, "struct": struct{ ID string }{idGood}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.desk.panics = value
			got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json")))
			if p := got.problem(t); p.Code != "internal" {
				t.Errorf("came out as %s", p.Code)
			}
			if strings.Contains(r.logs.String(), idGood) {
				t.Error("the log shows what was panicked with")
			}
			// The place at work was given back and the next request is served.
			r.desk.panics = nil
			if next := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json"))); next.status != 200 {
				t.Errorf("after a panic: status %d", next.status)
			}
		})
	}
}

// No answer leaves before its record is durable.
func TestNothingIsDisclosedWithoutARecord(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.desk.recorder = errors.New("disk full")
	got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json")))
	p := got.problem(t)
	if p.Code != "record-not-durable" || p.Receipt != nil || got.header.Get("Retry-After") == "" {
		t.Errorf("came out as %s, Retry-After %q", p.Code, got.header.Get("Retry-After"))
	}
}

// Without a random source there is no id, and without an id nothing is asked or recorded.
func TestNoIDNoQuery(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(deps *gatewayDeps) { deps.Random = strings.NewReader("") })
	p := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json"))).problem(t)
	if p.Code != "internal" || len(r.desk.recorded()) != 0 {
		t.Errorf("came out as %s with %d records", p.Code, len(r.desk.recorded()))
	}
}

func TestProblemSpeaksTheCallersLanguage(t *testing.T) {
	t.Parallel()
	catalogue := must(specs.Problems())(t)
	r := newRig(t)
	r.desk.failure = &exchange.Error{Code: exchange.NoRecord}
	for wish, want := range map[string]string{
		"": "zh-CN", "en": "en", "en-GB;q=0.8, zh;q=0.2": "en", "zh-TW": "zh-CN", "fr": "zh-CN", "zh, en;q=0.1": "zh-CN",
		strings.Repeat("-", 300): "zh-CN", "%%%": "zh-CN",
	} {
		t.Run(wish, func(t *testing.T) {
			got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json"),
				func(request *http.Request) { request.Header.Set("Accept-Language", wish) }))
			text := catalogue["no-such-record"].ZH
			if want == "en" {
				text = catalogue["no-such-record"].EN
			}
			if got.header.Get("Content-Language") != want || got.problem(t).Detail != text.Detail {
				t.Errorf("language %s, detail %s", got.header.Get("Content-Language"), got.problem(t).Detail)
			}
		})
	}
}

func TestRetryAfterIsTheFailuresOwnBeforeTheCatalogues(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, row := range map[string]struct {
		own  time.Duration
		want string
	}{
		"catalogue": {0, "30"}, "own": {90 * time.Second, "90"}, "rounded up": {1100 * time.Millisecond, "2"},
		"capped": {72 * time.Hour, "86400"},
	} {
		t.Run(name, func(t *testing.T) {
			r.desk.failure = &exchange.Error{Code: exchange.SourceDown, RetryAfter: row.own}
			got := r.send(t, r.sign(t, "suishenban", "POST", "/v1/licences/query", testdata(t, "licence.json")))
			if got.header.Get("Retry-After") != row.want || got.problem(t).Source != "tmri-sh" {
				t.Errorf("Retry-After %q, source %q", got.header.Get("Retry-After"), got.problem(t).Source)
			}
		})
	}
}
