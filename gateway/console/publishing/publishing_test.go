package publishing

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/gateway/console/draft"
	"github.com/zhengqiao/zhengqiao/watch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// office answers what a test says, and notes what is done and recorded, in this order.
type office struct {
	done   []string
	err    error // of acts
	unkept error // of records
}

func (o *office) Standing(context.Context) (Standing, error) {
	return Standing{
		Signed: true, InForce: "aa", Authors: []string{"li.wei"}, Undo: &Step{From: "from", To: "to"},
		Revisions: []Revision{{Number: 1, State: Active, Revision: "aa", Author: "li.wei", Note: "<b>"}},
	}, nil
}

func (o *office) Matrix(context.Context) (Matrix, error) { return Matrix{Revision: "aa"}, nil }

func (o *office) Base(context.Context) ([]byte, error) { return []byte("the base"), nil }

func (o *office) Candidates(context.Context) ([]Candidate, error) {
	return []Candidate{candidate()}, nil
}

func candidate() Candidate {
	return Candidate{ID: "bb-1", Revision: "bb", Base: "aa", Author: "li.wei", Signed: true, Need: 0}
}

func (o *office) Candidate(_ context.Context, id string) (Candidate, []byte, error) {
	if id != "bb-1" {
		return Candidate{}, nil, exchange.Errorf(exchange.NotFound, "none")
	}
	return candidate(), []byte("the bundle"), nil
}

func (o *office) act(what string) error {
	o.done = append(o.done, what)
	return o.err
}

func (o *office) Drop(_ context.Context, id string) error { return o.act("drop " + id) }

func (o *office) Propose(_ context.Context, p Proposal) (string, error) {
	return "bb-1", o.act("propose " + p.Author + " " + p.Draft.Files["a"])
}

func (o *office) Take(_ context.Context, id string, role Role, bundle []byte) (Candidate, error) {
	return candidate(), o.act("take " + id + " " + string(role) + " " + string(bundle))
}

func (o *office) Publish(_ context.Context, id string) error { return o.act("publish " + id) }

func (o *office) Rollback(_ context.Context, order []byte) error {
	return o.act("rollback " + string(order))
}

// Record implements [exchange.Recorder].
func (o *office) Record(_ context.Context, r *exchange.Record) (exchange.Receipt, error) {
	o.done = append(o.done, string(r.Operation)+" "+r.Purpose.Operator+" "+r.Purpose.MatterName+" "+r.Revision)
	return exchange.Receipt{}, o.unkept
}

// people let each in by his name, and allow what the name is.
type people struct{}

func (people) Person(r *http.Request) (console.Person, error) {
	return console.Person{ID: r.Header.Get("Person"), Roles: []string{r.Header.Get("Person")}}, nil
}

func (people) May(_ context.Context, roles []string, action string) error {
	allowed := map[string]string{"author": edit + read + see, "approver": approve + read + see, "operator": publish + see, "viewer": see}
	if strings.Contains(allowed[roles[0]], action) {
		return nil
	}
	return &exchange.Error{Code: exchange.PolicyRefused}
}

type client struct {
	t       *testing.T
	console *console.Console
	cookie  map[string]*http.Cookie
}

func serve(t *testing.T, o *office) *client {
	t.Helper()
	drafts := &draft.Store{}
	if err := drafts.Keep("author", "aa", "a", "text"); err != nil {
		t.Fatal(err)
	}
	page, err := Page(Config{Registry: o, Tray: o, Acts: o, Drafts: drafts, Recorder: o, Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	c, err := console.New(console.Config{
		Pages: []console.Page{page}, Access: people{}, Authority: people{}, Way: "test", Clock: time.Now, Random: rand.Reader, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return &client{t, c, map[string]*http.Cookie{}}
}

func (c *client) do(person, method, path, kind string, body io.Reader) (int, string, string) {
	c.t.Helper()
	r := httptest.NewRequestWithContext(c.t.Context(), method, path, body)
	r.Header.Set("Person", person)
	r.Header.Set("Accept-Language", "en")
	r.Header.Set("Content-Type", kind)
	if cookie := c.cookie[person]; cookie != nil {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	c.console.ServeHTTP(w, r)
	for _, cookie := range w.Result().Cookies() {
		c.cookie[person] = cookie
	}
	return w.Code, w.Body.String(), w.Header().Get("Location")
}

var token = regexp.MustCompile(`name="token" value="([^"]+)"`)

// order sends a form with a reason, and a file where it has content.
func (c *client) order(person, path, file string) (status int, text, location string) {
	c.t.Helper()
	_, first, _ := c.do(person, "GET", "/publishing", "", nil)
	_, second, _ := c.do(person, "GET", "/publishing/candidates/bb-1", "", nil)
	found := token.FindStringSubmatch(first + second)
	if found == nil {
		found = []string{"", "none"}
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range map[string]string{"token": found[1], "reason": "because", "author": "li.wei"} {
		if err := form.WriteField(name, value); err != nil {
			c.t.Fatal(err)
		}
	}
	for _, name := range []string{"bundle", "order"} {
		part, err := form.CreateFormFile(name, "f")
		if err != nil {
			c.t.Fatal(err)
		}
		if _, err := part.Write([]byte(file)); err != nil {
			c.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		c.t.Fatal(err)
	}
	if file == "" {
		return c.do(person, "POST", path, "application/x-www-form-urlencoded", strings.NewReader("token="+found[1]+"&reason=because&author=li.wei"))
	}
	return c.do(person, "POST", path, form.FormDataContentType(), &body)
}

// TestOrders: each is on record before it is done, by whom and why, and leads on.
func TestOrders(t *testing.T) {
	t.Parallel()
	for path, given := range map[string]struct{ person, file, record, done, to string }{
		"/publishing/propose":                  {"author", "", "operators.policies.propose author because aa", "propose li.wei text", "/publishing/candidates/bb-1"},
		"/publishing/bundles":                  {"author", "packed", "operators.policies.sign author because ", "take  author packed", "/publishing/candidates/bb-1"},
		"/publishing/candidates/bb-1/author":   {"author", "signed", "operators.policies.sign author because bb", "take bb-1 author signed", "/publishing/candidates/bb-1"},
		"/publishing/candidates/bb-1/approval": {"approver", "signed", "operators.policies.sign approver because bb", "take bb-1 approver signed", "/publishing/candidates/bb-1"},
		"/publishing/candidates/bb-1/publish":  {"operator", "", "operators.policies.publish operator because bb", "publish bb-1", "/publishing"},
		"/publishing/candidates/bb-1/drop":     {"author", "", "operators.policies.drop author because bb", "drop bb-1", "/publishing"},
		"/publishing/rollback":                 {"operator", "order", "operators.policies.rollback operator because aa", "rollback order", "/publishing"},
	} {
		t.Run(strings.ReplaceAll(path, "/", " "), func(t *testing.T) {
			t.Parallel()
			o := &office{}
			c := serve(t, o)
			status, text, to := c.order(given.person, path, given.file)
			if status != http.StatusSeeOther || to != given.to || len(o.done) != 2 || o.done[0] != given.record || o.done[1] != given.done {
				t.Errorf("%d to %s, did %q: %.200s", status, to, o.done, text)
			}
			for _, person := range []string{"author", "approver", "operator", "viewer"} {
				if person == given.person {
					continue
				}
				if status, _, _ := c.order(person, path, given.file); status != http.StatusForbidden {
					t.Errorf("%s: %d", person, status)
				}
			}
			if len(o.done) != 2 {
				t.Errorf("did %q", o.done)
			}
		})
	}
}

// TestNothingWithoutARecord: what can't be put on record is not done.
func TestNothingWithoutARecord(t *testing.T) {
	t.Parallel()
	o := &office{unkept: errors.New("disk full")}
	if status, _, _ := serve(t, o).order("operator", "/publishing/candidates/bb-1/publish", ""); status != http.StatusServiceUnavailable || len(o.done) != 1 {
		t.Errorf("%d, did %q", status, o.done)
	}
}

// TestRefusals: why something was not done is shown line by line; a failure is none of the visitor's business.
func TestRefusals(t *testing.T) {
	t.Parallel()
	o := &office{err: &Refusal{Code: "not_in_order", Text: watch.Text{Zh: "不", En: "Not in order."}, Detail: []string{"a.rego:7: <x>", "cases/b.yaml:1"}}}
	c := serve(t, o)
	status, text, _ := c.order("author", "/publishing/propose", "")
	if status != http.StatusUnprocessableEntity || !strings.Contains(text, "a.rego:7: &lt;x&gt;") || !strings.Contains(text, "Not in order.") {
		t.Errorf("%d %s", status, text)
	}
	o.err = errors.New("secret")
	if status, text, _ := c.order("author", "/publishing/propose", ""); status != http.StatusInternalServerError || strings.Contains(text, "secret") {
		t.Errorf("a failure: %d", status)
	}
	if status, _, _ := c.order("operator", "/publishing/rollback", ""); status == http.StatusSeeOther {
		t.Error("a step back without an order")
	}
	if status, _, _ := c.order("operator", "/publishing/rollback", strings.Repeat("x", 40<<10)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("an order that is too large: %d", status)
	}
	if status, _, _ := c.order("operator", "/publishing/candidates/cc-1/publish", ""); status != http.StatusNotFound {
		t.Errorf("no such candidate: %d", status)
	}
}

// TestDownloads: who may read gets the files to sign and to compare with; who only sees does not.
func TestDownloads(t *testing.T) {
	t.Parallel()
	c := serve(t, &office{})
	for path, want := range map[string]string{"/publishing/base": "the base", "/publishing/candidates/bb-1/bundle": "the bundle"} {
		if status, text, _ := c.do("approver", "GET", path, "", nil); status != http.StatusOK || text != want {
			t.Errorf("%s: %d %s", path, status, text)
		}
		if status, _, _ := c.do("viewer", "GET", path, "", nil); status != http.StatusForbidden {
			t.Errorf("%s by a viewer: %d", path, status)
		}
	}
	if _, text, _ := c.do("viewer", "GET", "/publishing", "", nil); !strings.Contains(text, "&lt;b&gt;") || strings.Contains(text, "<form method=\"post\" action=\"/publishing") {
		t.Errorf("a viewer sees %s", text)
	}
}

var _ exchange.Recorder = (*office)(nil)
