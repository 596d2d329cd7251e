package playground

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/gateway/console/draft"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// shop answers what a test says, and notes what is tried.
type shop struct {
	answer string
	err    error
	hold   chan struct{} // a trial lasts until it is closed
	began  chan Change
}

func (s *shop) Sources() (string, map[string]string) {
	return strings.Repeat("ab", 32), map[string]string{"data/purposes.yaml": "self-query: <b>", "fields.rego": "package zhengqiao.fields"}
}

func (s *shop) Examples(context.Context) []Example {
	return []Example{{"granted-0", Granted, "suishenban · self-query", `{"now": 1}`}, {"recorded-1", Recorded, "wechat", `{"now": 2}`}}
}

func (s *shop) Try(_ context.Context, c Change) ([]byte, error) {
	s.began <- c
	if s.hold != nil {
		<-s.hold
	}
	return []byte(s.answer), s.err
}

// authors lets those in whose name says so.
type authors struct{}

func (authors) Person(r *http.Request) (console.Person, error) {
	return console.Person{ID: r.Header.Get("Person"), Roles: []string{r.Header.Get("Person")}}, nil
}

func (authors) May(_ context.Context, roles []string, action string) error {
	if action == edit && strings.HasPrefix(roles[0], "author") {
		return nil
	}
	return &exchange.Error{Code: exchange.PolicyRefused, Reasons: []exchange.Reason{{Code: "no", Text: exchange.Text{ZH: "不可", EN: "Not you."}}}}
}

func serve(t *testing.T, s *shop) *console.Console {
	t.Helper()
	if s.began == nil {
		s.began = make(chan Change, 10)
	}
	page, err := Page(s, &draft.Store{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := console.New(console.Config{
		Pages: []console.Page{page}, Access: authors{}, Authority: authors{}, Way: "test", Clock: time.Now, Random: rand.Reader,
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// author is a browser.
type author struct {
	t      *testing.T
	c      *console.Console
	name   string
	cookie *http.Cookie
	token  string
}

var token = regexp.MustCompile(`name="token" value="([^"]+)"`)

func enter(t *testing.T, c *console.Console, name string) *author {
	t.Helper()
	a := &author{t: t, c: c, name: name}
	_, text := a.send("GET", "/playground", nil)
	if found := token.FindStringSubmatch(text); found != nil {
		a.token = found[1]
	}
	return a
}

func (a *author) send(method, path string, form url.Values) (int, string) {
	a.t.Helper()
	r := httptest.NewRequestWithContext(a.t.Context(), method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Person", a.name)
	r.Header.Set("Accept-Language", "en")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if a.cookie != nil {
		r.AddCookie(a.cookie)
	}
	w := httptest.NewRecorder()
	a.c.ServeHTTP(w, r)
	for _, cookie := range w.Result().Cookies() {
		a.cookie = cookie
	}
	text, err := io.ReadAll(w.Result().Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return w.Code, string(text)
}

func (a *author) form(do string) url.Values {
	return url.Values{"token": {a.token}, "editing": {"fields.rego"}, "text": {"package x\r\n"}, "input": {`{"now": 3}`}, "do": {do}}
}

func decided(t *testing.T) string {
	t.Helper()
	text, err := json.Marshal(Outcome{
		Decision: &Decision{
			Allow: true, Shown: []Shown{{"name", "clear", "r.a"}}, Withheld: []Withheld{{"phone", Reason{"no_rule", "r.<b>", exchange.Text{ZH: "无", EN: "No rule."}}}},
		},
		Matrix: &Matrix{Levels: []string{"face"}, Sections: []Section{{"wechat", "self-query", "licence.query", "own", []Row{{"name", []Cell{{"hidden", "clear"}}}}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestButtons: without a script each button does its work and nothing that was typed is lost.
func TestButtons(t *testing.T) {
	t.Parallel()
	s := &shop{answer: decided(t)}
	a := enter(t, serve(t, s), "author")
	for do, want := range map[string][]string{
		"file":    {`value="data/purposes.yaml" selected`, "self-query: &lt;b&gt;", "{&#34;now&#34;: 3}", "Nothing was tried"},
		"example": {"{&#34;now&#34;: 2}", "package x\n"},
		"try":     {"Allowed", "as it is", "No rule.", "r.&lt;b&gt;", "package x\n", "{&#34;now&#34;: 3}"},
		"whole":   {"sees more", "wechat · self-query"},
	} {
		form := a.form(do)
		form.Set("file", "data/purposes.yaml")
		form.Set("example", "recorded-1")
		status, text := a.send("POST", "/playground", form)
		for _, part := range want {
			if status != http.StatusOK || !strings.Contains(text, part) {
				t.Errorf("%s: %d lacks %s", do, status, part)
			}
		}
	}
	if one, two := <-s.began, <-s.began; one.What == two.What || one.Files["fields.rego"] != "package x\n" || len(one.Files) != 1 {
		t.Errorf("tried %+v and %+v", one, two)
	}
}

// TestPart: what a script gets is the result alone.
func TestPart(t *testing.T) {
	t.Parallel()
	for name, given := range map[string]struct {
		shop *shop
		want string
	}{
		"decision":  {&shop{answer: decided(t)}, "No rule."},
		"findings":  {&shop{answer: `{"findings":[{"file":"fields.rego","line":7,"text":{"zh":"错","en":"did you mean x?"}}]}`}, "fields.rego:7</code><br>did you mean x?"},
		"input":     {&shop{answer: `{"fault":{"kind":"input","text":"bad <i>"}}`}, "bad &lt;i&gt;"},
		"time":      {&shop{answer: `{"fault":{"kind":"time-out","text":""}}`}, "met its bound"},
		"exhausted": {&shop{err: ErrExhausted}, "met its bound"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := enter(t, serve(t, given.shop), "author")
			status, text := a.send("POST", "/playground/try", a.form("try"))
			if status != http.StatusOK || !strings.Contains(text, given.want) || strings.Contains(text, "<html") {
				t.Errorf("%d %s", status, text)
			}
		})
	}
}

// TestDraft: what is kept is tried together, stays when other files are opened, and goes file by file or all at once. A file that is as in
// force is none of a draft's.
func TestDraft(t *testing.T) {
	t.Parallel()
	s := &shop{answer: `{}`}
	c := serve(t, s)
	a := enter(t, c, "author")
	keep := a.form("keep")
	keep.Set("revision", strings.Repeat("ab", 32))
	if _, text := a.send("POST", "/playground", keep); !strings.Contains(text, `href="/playground?file=fields.rego"`) || !strings.Contains(text, "/publishing#propose") {
		t.Fatalf("kept: %s", text)
	}
	if _, text := a.send("GET", "/playground?file=fields.rego", nil); !strings.Contains(text, "package x\n</textarea>") {
		t.Error("the draft is not opened")
	}
	asked := a.form("tests")
	asked.Set("editing", "data/purposes.yaml")
	if status, _ := a.send("POST", "/playground/try", asked); status != http.StatusOK {
		t.Errorf("tests: %d", status)
	}
	if tried := <-s.began; tried.What != AllTests || len(tried.Files) != 2 || tried.Files["fields.rego"] != "package x\n" {
		t.Errorf("tried %+v", tried)
	}
	if _, text := enter(t, c, "author-2").send("GET", "/playground?file=fields.rego", nil); strings.Contains(text, "package x\n</textarea>") {
		t.Error("another one's draft is shown")
	}
	keep.Set("revision", strings.Repeat("cd", 32))
	if status, _ := a.send("POST", "/playground", keep); status != http.StatusConflict {
		t.Errorf("of another revision: %d", status)
	}
	keep.Set("text", "package zhengqiao.fields")
	if _, text := a.send("POST", "/playground", keep); strings.Contains(text, "/publishing#propose") {
		t.Error("what is as in force is in the draft")
	}
}

// TestImpact: what would change is shown by platform and purpose with ids of decisions, and what could not be replayed is said.
func TestImpact(t *testing.T) {
	t.Parallel()
	s := &shop{answer: `{"impact":{"decisions":7,"replayed":5,"changed":2,"left":1,"widens":true,"unkept":[{"reason":"not <kept>","count":1}],
		"groups":[{"platform":"wechat","purpose":"self-query","decisions":5,"changed":2,"opened":2}],
		"lines":[{"platform":"wechat","purpose":"self-query","operation":"licence.query","what":{"zh":"新增","en":"gained"},"fields":["phone"],"widens":true,"count":2,"samples":["0192-a"]}]}}`}
	a := enter(t, serve(t, s), "author")
	for path, form := range map[string]url.Values{"/playground": a.form("impact"), "/playground/try": a.form("impact")} {
		_, text := a.send("POST", path, form)
		for _, want := range []string{"Somebody would see more", "not &lt;kept&gt;", "<code>phone</code>", "0192-a", "no time for 1", ">2<"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %s", path, want)
			}
		}
	}
}

// TestRefused: who may not, a form that isn't the session's, one too large, a file that isn't there: nothing is tried.
func TestRefused(t *testing.T) {
	t.Parallel()
	s := &shop{answer: decided(t)}
	c := serve(t, s)
	a := enter(t, c, "author")
	foreign, large, other := a.form("try"), a.form("try"), a.form("try")
	foreign.Set("token", "x")
	large.Set("text", strings.Repeat("a", mostForm))
	other.Set("editing", "schema/input.json")
	for name, given := range map[string]struct {
		form   url.Values
		status int
		want   string
	}{
		"foreign": {foreign, http.StatusForbidden, "not valid any more"},
		"large":   {large, http.StatusRequestEntityTooLarge, "too large"},
		"other":   {other, http.StatusUnprocessableEntity, "no such file"},
	} {
		if status, text := a.send("POST", "/playground/try", given.form); status != given.status || !strings.Contains(text, given.want) {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
	viewer := &author{t: t, c: c, name: "viewer"}
	for _, method := range []string{"GET", "POST"} {
		if status, text := viewer.send(method, "/playground", a.form("try")); status != http.StatusForbidden || !strings.Contains(text, "Not you.") {
			t.Errorf("a viewer: %d", status)
		}
	}
	if len(s.began) != 0 {
		t.Errorf("tried %+v", <-s.began)
	}
}

// TestTurns: one trial for a session, two in all; a turn comes back, also after a failure.
func TestTurns(t *testing.T) {
	t.Parallel()
	s := &shop{err: errors.New("broken"), hold: make(chan struct{}), began: make(chan Change)}
	c := serve(t, s)
	one, two, three := enter(t, c, "author-1"), enter(t, c, "author-2"), enter(t, c, "author-3")
	done := make(chan int)
	for _, a := range []*author{one, two} {
		copied := *a
		go func() { status, _ := copied.send("POST", "/playground/try", copied.form("try")); done <- status }()
		(<-s.began).Progress(3, 9)
		if _, text := copied.send("GET", "/playground/progress", nil); !strings.Contains(text, "3 / 9") {
			t.Errorf("progress: %s", text)
		}
		for _, other := range map[*author][]*author{one: {one}, two: {one, two, three}}[a] {
			if status, text := other.send("POST", "/playground/try", other.form("try")); status != http.StatusOK || !strings.Contains(text, "data-again") {
				t.Errorf("%s: %d %s", other.name, status, text)
			}
		}
	}
	close(s.hold)
	for range 2 {
		if status := <-done; status != http.StatusInternalServerError {
			t.Errorf("a trial that could not be made: %d", status)
		}
	}
	go func() { <-s.began }()
	if status, _ := three.send("POST", "/playground/try", three.form("try")); status != http.StatusInternalServerError {
		t.Errorf("after that: %d", status)
	}
}
