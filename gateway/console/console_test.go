package console_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"github.com/zhengqiao/zhengqiao/exchange"
	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/watch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a console with one page; who visits is what the header Person says.
type rig struct {
	*console.Console
	mu     sync.Mutex
	now    time.Time
	state  string
	orders []string // reasons that were taken
}

type byHeader struct{}

func (byHeader) Person(r *http.Request) (console.Person, error) {
	if r.Header.Get("Person") == "" {
		return console.Person{}, console.ErrStranger
	}
	return console.Person{ID: r.Header.Get("Person"), Roles: []string{"operator"}}, nil
}

// all lets everybody do everything but what is called forbidden.
type all struct{}

func (all) May(_ context.Context, _ []string, action string) error {
	if action == "forbidden" {
		return &exchange.Error{Code: exchange.PolicyRefused, Reasons: []exchange.Reason{{Code: "c", Text: exchange.Text{ZH: "不可以", EN: "you may not"}}}}
	}
	return nil
}

func newRig(t *testing.T, change func(*console.Config)) *rig {
	t.Helper()
	r := &rig{now: time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)}
	page := console.Page{
		ID: "things", Title: watch.Text{Zh: "事物", En: "Things"}, See: "see",
		Templates: fstest.MapFS{"one.html": {Data: []byte(`{{define "title"}}{{L "事" "Thing"}}{{end}}{{define "main"}}<h1>{{.Data}}</h1><form method="post" action="/things">{{template "reason" .}}</form>{{end}}`)}},
		Routes: []console.Route{
			{Pattern: "GET /{$}", May: "see", Serve: func(v *console.Visit) error { return v.Show("one", "<script>") }},
			{Pattern: "POST /things", May: "do", Serve: r.take},
			{Pattern: "GET /things/forbidden", May: "forbidden", Serve: func(v *console.Visit) error { return v.Show("one", "secret") }},
			{Pattern: "GET /things/panic", May: "see", Serve: func(*console.Visit) error { panic("110105194912310021") }},
		},
	}
	config := console.Config{
		Pages: []console.Page{page}, Access: byHeader{}, Authority: all{}, Name: "node-1", Way: "test", Host: console.LoopbackHost, Idle: 10 * time.Minute,
		Clock: r.clock, Random: rand.Reader, Logger: slog.New(slog.DiscardHandler),
		State: func(context.Context) string { r.mu.Lock(); defer r.mu.Unlock(); return r.state },
	}
	if change != nil {
		change(&config)
	}
	var err error
	if r.Console, err = console.New(config); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) clock() time.Time { r.mu.Lock(); defer r.mu.Unlock(); return r.now }

func (r *rig) pass(d time.Duration) { r.mu.Lock(); defer r.mu.Unlock(); r.now = r.now.Add(d) }

func (r *rig) take(v *console.Visit) error {
	reason, err := v.Reason()
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.orders = append(r.orders, reason)
	r.mu.Unlock()
	return v.Go("/", watch.Text{Zh: "已记录", En: "taken"})
}

// browser keeps cookies as one does.
type browser struct {
	t       *testing.T
	rig     *rig
	person  string
	cookies map[string]*http.Cookie
	header  map[string]string
}

func (r *rig) browser(t *testing.T, person string) *browser {
	return &browser{t: t, rig: r, person: person, cookies: map[string]*http.Cookie{}, header: map[string]string{}}
}

func (b *browser) send(method, path string, form url.Values) *http.Response {
	b.t.Helper()
	request := httptest.NewRequestWithContext(b.t.Context(), method, "http://127.0.0.1:9091"+path, strings.NewReader(form.Encode()))
	request.Header.Set("Person", b.person)
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range b.header {
		request.Header.Set(name, value)
	}
	if host := b.header["Host"]; host != "" {
		request.Host = host
	}
	for _, cookie := range b.cookies {
		request.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	b.rig.ServeHTTP(w, request)
	answer := w.Result()
	for _, cookie := range answer.Cookies() {
		b.cookies[cookie.Name] = cookie
	}
	return answer
}

func body(t *testing.T, answer *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var tokenField = regexp.MustCompile(`name="token" value="([^"]+)"`)

// token loads the page and gives its form's token.
func (b *browser) token() string {
	b.t.Helper()
	found := tokenField.FindStringSubmatch(body(b.t, b.send("GET", "/", nil)))
	if found == nil {
		b.t.Fatal("no form")
	}
	return found[1]
}

func TestWhatEveryAnswerCarries(t *testing.T) {
	t.Parallel()
	answer := newRig(t, nil).browser(t, "li").send("GET", "/", nil)
	csp := answer.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("the policy lacks %s: %s", want, csp)
		}
	}
	if strings.Contains(csp, "unsafe") || answer.Header.Get("Cache-Control") != "no-store" || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers %v", answer.Header)
	}
	text := body(t, answer)
	if strings.Contains(text, "<script>") || !strings.Contains(text, "&lt;script&gt;") || strings.Contains(text, " style=") || strings.Contains(text, " onclick") {
		t.Errorf("page %s", text)
	}
	cookie := answer.Cookies()[0]
	if cookie.SameSite != http.SameSiteStrictMode || !cookie.HttpOnly || cookie.Secure {
		t.Errorf("cookie %v", cookie)
	}
	secure := newRig(t, func(c *console.Config) { c.Secure = true }).browser(t, "li").send("GET", "/", nil)
	if cookie := secure.Cookies()[0]; !strings.HasPrefix(cookie.Name, "__Host-") || !cookie.Secure || secure.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("by HTTPS: %v", cookie)
	}
}

// A page elsewhere whose name was pointed at this machine gets nothing.
func TestOtherHostsGetNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	for host, want := range map[string]int{
		"127.0.0.1:9091": 200, "localhost:9091": 200, "[::1]:9091": 200, "LOCALHOST": 200, "127.0.0.2": 200,
		"evil.example": 421, "127.0.0.1.evil.example": 421, "localhost.evil.example:9091": 421, "10.0.0.1:9091": 421, "0.0.0.0": 421, "::1]": 421,
	} {
		b := r.browser(t, "li")
		b.header["Host"] = host
		if got := b.send("GET", "/", nil).StatusCode; got != want {
			t.Errorf("%s: %d, want %d", host, got, want)
		}
	}
	own := console.HostOf(&url.URL{Host: "console.example.cn"})
	if !own("Console.example.cn") || own("console.example.cn.evil") || own("") {
		t.Error("the host of an address")
	}
}

// An order needs the session's own token, comes from the console's own page, has a reason, and is bounded.
func TestOrders(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	li, wang := r.browser(t, "li"), r.browser(t, "wang")
	token, others := li.token(), wang.token()
	for name, c := range map[string]struct {
		token, reason string
		header        [2]string
		want          int
	}{
		"good":               {token, "磁盘已更换", [2]string{}, 303},
		"by a page of ours":  {token, "again", [2]string{"Sec-Fetch-Site", "same-origin"}, 303},
		"no token":           {"", "x", [2]string{}, 403},
		"somebody else's":    {others, "x", [2]string{}, 403},
		"of another site":    {token, "x", [2]string{"Sec-Fetch-Site", "cross-site"}, 403},
		"of another host":    {token, "x", [2]string{"Origin", "http://evil.example"}, 403},
		"no reason":          {token, " \r\n ", [2]string{}, 422},
		"a long one":         {token, strings.Repeat("长", 201), [2]string{}, 422},
		"an ID number in it": {token, "为 11010519491231002X 重发", [2]string{}, 422},
		"nothing to be seen": {token, "\u200b\u3164", [2]string{}, 422},
		"it turns around":    {token, "abc\u202edef", [2]string{}, 422},
		"too much":           {token, strings.Repeat("x", 20<<10), [2]string{}, 413},
	} {
		li.header = map[string]string{c.header[0]: c.header[1]}
		delete(li.header, "")
		if got := li.send("POST", "/things", url.Values{"token": {c.token}, "reason": {c.reason}}).StatusCode; got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if len(r.orders) != 2 {
		t.Errorf("taken: %v", r.orders)
	}
	li.header = nil
	if first, second := body(t, li.send("GET", "/", nil)), body(t, li.send("GET", "/", nil)); !strings.Contains(first, "已记录") || strings.Contains(second, "已记录") {
		t.Error("what came of it is to be told once")
	}
}

func TestWhoMayNotSeesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	answer := r.browser(t, "li").send("GET", "/things/forbidden", nil)
	if text := body(t, answer); answer.StatusCode != 403 || strings.Contains(text, "secret") || !strings.Contains(text, "不可以") {
		t.Errorf("%d %s", answer.StatusCode, text)
	}
	for _, person := range []string{"", "a b", "11010519491231002X", strings.Repeat("x", 65), "x\ny"} {
		if got := r.browser(t, person).send("GET", "/", nil); got.StatusCode != 401 || len(got.Cookies()) != 0 {
			t.Errorf("%q: %d", person, got.StatusCode)
		}
	}
	if got := r.browser(t, "li").send("GET", "/nothing", nil).StatusCode; got != 404 {
		t.Errorf("no such page: %d", got)
	}
	if got := r.browser(t, "li").send("GET", "/things/panic", nil); got.StatusCode != 500 || strings.Contains(body(t, got), "1949") {
		t.Errorf("a panic: %d", got.StatusCode)
	}
	if got := r.browser(t, "li").send("DELETE", "/", nil).StatusCode; got != 404 {
		t.Errorf("DELETE: %d", got)
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	for accepted, want := range map[string]string{
		"": "zh-CN", "en-GB,en;q=0.9,zh;q=0.1": "en", "zh-TW,en": "zh-CN", "fr,en;q=0.5": "en", "fr": "zh-CN", "*": "zh-CN", "x;q=z": "zh-CN",
	} {
		b := r.browser(t, "li")
		b.header["Accept-Language"] = accepted
		if got := b.send("GET", "/", nil).Header.Get("Content-Language"); got != want {
			t.Errorf("%q: %s, want %s", accepted, got, want)
		}
	}
	b := r.browser(t, "li")
	if to := b.send("GET", "/language/en?back=//evil.example", nil).Header.Get("Location"); to != "/" {
		t.Errorf("sent to %s", to)
	}
	if got := b.send("GET", "/", nil).Header.Get("Content-Language"); got != "en" {
		t.Errorf("chosen: %s", got)
	}
	if got := b.send("GET", "/language/fr", nil).StatusCode; got != 404 {
		t.Errorf("fr: %d", got)
	}
}

func TestOwnFiles(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	b := r.browser(t, "")
	page := body(t, r.browser(t, "li").send("GET", "/", nil))
	files := regexp.MustCompile(`"(/assets/[^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(files) != 3 {
		t.Fatalf("files %v", files)
	}
	for _, file := range files {
		answer := b.send("GET", file[1], nil)
		if answer.StatusCode != 200 || !strings.Contains(answer.Header.Get("Cache-Control"), "immutable") || body(t, answer) == "" {
			t.Errorf("%s: %d", file[1], answer.StatusCode)
		}
		again := r.browser(t, "")
		again.header["If-None-Match"] = answer.Header.Get("ETag")
		if got := again.send("GET", file[1], nil).StatusCode; got != 304 {
			t.Errorf("%s again: %d", file[1], got)
		}
	}
	if got := b.send("GET", "/assets/../console.go", nil).StatusCode; got == 200 {
		t.Error("files of the program are served")
	}
}

func TestNewWantsWhatItNeeds(t *testing.T) {
	t.Parallel()
	if _, err := console.New(console.Config{}); err == nil {
		t.Error("nothing is enough")
	}
	if err := func() error { _, err := console.New(console.Config{Pages: []console.Page{{}}}); return err }(); errors.Is(err, io.EOF) || err == nil {
		t.Error(err)
	}
}
