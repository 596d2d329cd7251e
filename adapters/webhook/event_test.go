package webhook_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
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

// TestEvents compares events to the byte.
func TestEvents(t *testing.T) {
	t.Parallel()
	quiet := sample(t)
	quiet.Events = nil
	bare := sample(t)
	bare.Fields = nil
	for name, c := range map[string]struct {
		content, id string
		notice      exchange.Notice
	}{
		"thin":         {"", "6f1d0c9a5b7e/7", sample(t)},
		"full":         {webhook.ContentFull, "6f1d0c9a5b7e/7/4703a178f67b45f9", sample(t)},
		"quiet":        {webhook.ContentThin, "6f1d0c9a5b7e/7", quiet},
		"full-nothing": {webhook.ContentFull, "6f1d0c9a5b7e/7/e3b0c44298fc1c14", bare},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box, receiver := posting(t, c.content, nil, oneKey(t), outbound.Deps{})
			if err := receiver.Changes.Apply(t.Context(), c.notice); err != nil {
				t.Fatal(err)
			}
			header, body := box.last()
			want, err := os.ReadFile(filepath.Join("testdata", name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(body, bytes.TrimSuffix(want, []byte("\n"))) {
				t.Errorf("got  %s\nwant %s", body, want)
			}
			if header.Get("Webhook-Id") != c.id || header.Get("Content-Type") != "application/cloudevents+json" {
				t.Errorf("header %v, want id %s", header, c.id)
			}
		})
	}
}

// TestSpecificationShowsWhatIsSent keeps the example as it is.
func TestSpecificationShowsWhatIsSent(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile(filepath.Join("testdata", "thin.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(specification(t), string(example)) {
		t.Error("docs/webhook.md does not show testdata/thin.json")
	}
}

// TestThinEventsHoldNoField looks for every value and every name in what a thin receiver gets.
func TestThinEventsHoldNoField(t *testing.T) {
	t.Parallel()
	box, receiver := posting(t, "", nil, oneKey(t), outbound.Deps{})
	notice := sample(t)
	if err := receiver.Changes.Apply(t.Context(), notice); err != nil {
		t.Fatal(err)
	}
	_, body := box.last()
	for _, hidden := range []string{"fields", "masked", "3101***", "2030-06-30", "A2", `"points"`, "暂扣", notice.Subject.Name, notice.Subject.IDNumber.Reveal()} {
		if strings.Contains(string(body), hidden) {
			t.Errorf("a thin event holds %q", hidden)
		}
	}
}

// TestIDs: the same message has the same id, another has another.
func TestIDs(t *testing.T) {
	t.Parallel()
	shaped := sample(t)
	shaped.Fields = slices.Clone(shaped.Fields[1:])
	newer := sample(t)
	newer.Version++
	for _, content := range []string{webhook.ContentThin, webhook.ContentFull} {
		box, receiver := posting(t, content, nil, oneKey(t), outbound.Deps{})
		var ids []string
		for _, notice := range []exchange.Notice{sample(t), sample(t), shaped, newer} {
			_ = receiver.Changes.Apply(t.Context(), notice) // the last one gets another version's receipt
			header, _ := box.last()
			ids = append(ids, header.Get("Webhook-Id"))
		}
		if ids[0] != ids[1] || (ids[2] != ids[0]) != (content == webhook.ContentFull) || ids[3] == ids[0] {
			t.Errorf("%s: ids %q", content, ids)
		}
	}
}

func TestNoticesThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*exchange.Notice){
		"a licence's key with a full stop": func(n *exchange.Notice) { n.Licence = "a.b" },
		"a licence's key with a blank":     func(n *exchange.Notice) { n.Licence = "a b" },
		"a licence's key beyond ASCII":     func(n *exchange.Notice) { n.Licence = "证" },
		"no gateway":                       func(n *exchange.Notice) { n.Via = nil },
		"an origin that is no text":        func(n *exchange.Notice) { n.Origin = "\xff" },
		"a field that is no text":          func(n *exchange.Notice) { n.Fields = exchange.Disclosed{{Name: "points", Value: "\xff"}} },
		"a field that JSON can't hold":     func(n *exchange.Notice) { n.Fields = exchange.Disclosed{{Name: "points", Value: func() {}}} },
	} {
		box, receiver := posting(t, webhook.ContentFull, nil, oneKey(t), outbound.Deps{})
		notice := sample(t)
		change(&notice)
		if err := receiver.Changes.Apply(t.Context(), notice); exchange.CodeOf(err) != exchange.Internal || len(box.bodies) != 0 {
			t.Errorf("%s: error %v, %d posted", name, err, len(box.bodies))
		}
	}
}

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
