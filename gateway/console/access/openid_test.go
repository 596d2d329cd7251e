package access_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/zhengqiao/zhengqiao/gateway/console"
	"github.com/zhengqiao/zhengqiao/gateway/console/access"
)

const returning = "https://console.example" + console.ReturnPath

func entranceOf(t *testing.T, p *provider) console.Entrance {
	t.Helper()
	e, err := access.OpenID(t.Context(), access.Provider{
		Issuer: p.URL, ClientID: "console", ClientSecret: "console-secret", Return: returning, Secure: true, Clock: time.Now,
		Roles: map[string][]string{"zq-operators": {"operator", "viewer"}, "zq-inspectors": {"inspector"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// begun sends a visitor away and gives where to, and his cookies.
func begun(t *testing.T, e console.Entrance) (*url.URL, []*http.Cookie) {
	t.Helper()
	w := httptest.NewRecorder()
	if err := e.Begin(w, httptest.NewRequestWithContext(t.Context(), "GET", "https://console.example/enter", nil), "/changes"); err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(w.Header().Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return to, w.Result().Cookies()
}

func finished(t *testing.T, e console.Entrance, query url.Values, cookies []*http.Cookie) (console.Person, string, error) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "GET", returning+"?"+query.Encode(), nil)
	for _, cookie := range cookies {
		r.AddCookie(cookie)
	}
	return e.Finish(httptest.NewRecorder(), r)
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	e := entranceOf(t, p)
	to, cookies := begun(t, e)
	asked := to.Query()
	if asked.Get("response_type") != "code" || asked.Get("code_challenge_method") != "S256" || len(asked.Get("state")) < 32 || len(asked.Get("nonce")) < 32 ||
		asked.Get("redirect_uri") != returning || asked.Get("scope") != "openid" {
		t.Errorf("asked %v", asked)
	}
	if c := cookies[0]; !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || !strings.HasPrefix(c.Name, "__Host-") {
		t.Errorf("cookie %v", c)
	}
	person, back, err := finished(t, e, p.authorize(to), cookies)
	if err != nil || person.ID != "li.wei" || !slices.Equal(person.Roles, []string{"operator", "viewer"}) || back != "/changes" {
		t.Errorf("%+v, %s, %v", person, back, err)
	}
}

// Whatever the provider or somebody between says wrongly, nobody comes in.
func TestNobodyComesInBy(t *testing.T) {
	t.Parallel()
	claim := func(name string, value any) func(*provider, url.Values) {
		return func(p *provider, _ url.Values) { p.claims = func(c map[string]any) { c[name] = value } }
	}
	for name, spoil := range map[string]func(*provider, url.Values){
		"another issuer":             claim("iss", "https://evil.example"),
		"another audience":           claim("aud", "shop"),
		"an old token":               claim("exp", time.Now().Add(-time.Hour).Unix()),
		"another nonce":              claim("nonce", "x"),
		"no nonce":                   claim("nonce", ""),
		"no name":                    claim("sub", ""),
		"a name of a number":         claim("sub", 7),
		"an ID number":               claim("sub", "11010519491231002X"),
		"a name of lines":            claim("sub", "li\nwei"),
		"a key of its own":           func(p *provider, _ url.Values) { p.forge = true },
		"the client's secret as key": func(p *provider, _ url.Values) { p.alg = jose.HS256 },
		"no ID token":                func(p *provider, _ url.Values) { p.answer = func(a map[string]any) { delete(a, "id_token") } },
		"rubbish":                    func(p *provider, _ url.Values) { p.answer = func(a map[string]any) { a["id_token"] = "a.b.c" } },
		"another state":              func(_ *provider, q url.Values) { q.Set("state", "x") },
		"no state":                   func(_ *provider, q url.Values) { q.Del("state") },
		"no code":                    func(_ *provider, q url.Values) { q.Del("code"); q.Set("error", "access_denied") },
		"another code":               func(_ *provider, q url.Values) { q.Set("code", "code-2") },
		"a mix-up":                   func(_ *provider, q url.Values) { q.Set("iss", "https://evil.example") },
		"a stolen code":              func(p *provider, _ url.Values) { p.challenges["code-1"] = request{"another", "x"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newProvider(t)
			e := entranceOf(t, p)
			to, cookies := begun(t, e)
			query := p.authorize(to)
			spoil(p, query)
			if person, _, err := finished(t, e, query, cookies); !errors.Is(err, console.ErrStranger) {
				t.Errorf("%+v, %v", person, err)
			}
		})
	}
}

// The answer to one browser's attempt is of no use in another.
func TestAttemptsAreOfOneBrowser(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	e := entranceOf(t, p)
	to, _ := begun(t, e)
	_, others := begun(t, e)
	query := p.authorize(to)
	for name, cookies := range map[string][]*http.Cookie{"none": nil, "another's": others, "rubbish": {{Name: others[0].Name, Value: "e30"}}} {
		if _, _, err := finished(t, e, query, cookies); !errors.Is(err, console.ErrStranger) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A gateway starts without its provider, and asks again when somebody comes.
func TestProviderThatComesLater(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.down = true
	e := entranceOf(t, p)
	err := e.Begin(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), "GET", "/enter", nil), "/")
	if fault, ok := errors.AsType[*console.Fault](err); !ok || fault.Status != http.StatusBadGateway {
		t.Errorf("while it is down: %v", err)
	}
	p.down = false
	begun(t, e)
}

func TestRolesAreTranslated(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		claim any
		want  []string
	}{
		"one text": {"zq-inspectors", []string{"inspector"}}, "several": {[]any{"zq-operators", "zq-inspectors", 7}, []string{"inspector", "operator", "viewer"}},
		"unknown": {[]string{"operator", "admin"}, nil}, "none": {nil, nil}, "no list": {map[string]any{"zq-operators": true}, nil},
	} {
		p := newProvider(t)
		p.claims = func(claims map[string]any) { claims["groups"] = c.claim }
		e := entranceOf(t, p)
		to, cookies := begun(t, e)
		if person, _, err := finished(t, e, p.authorize(to), cookies); err != nil || !slices.Equal(person.Roles, c.want) {
			t.Errorf("%s: %+v, %v", name, person, err)
		}
	}
}

// FuzzReturn: no cookie and no query brings anybody in, or down.
func FuzzReturn(f *testing.F) {
	f.Add("eyJTdGF0ZSI6InMiLCJOb25jZSI6Im4iLCJWZXJpZmllciI6InYifQ", "state=s&code=c")
	f.Add("", "")
	e, err := access.OpenID(f.Context(), access.Provider{Issuer: "http://127.0.0.1:1", ClientID: "console", Return: returning, Clock: time.Now})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, cookie, query string) {
		r := &http.Request{Method: "GET", URL: &url.URL{Path: console.ReturnPath, RawQuery: query}, Header: http.Header{}}
		r.AddCookie(&http.Cookie{Name: "zhengqiao-enter", Value: cookie})
		if person, _, err := e.Finish(httptest.NewRecorder(), r); err == nil {
			t.Errorf("%+v came in", person)
		}
	})
}
