package console_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/zhengqiao/zhengqiao/gateway/console"
)

// nothing lets nobody do anything.
type nothing struct{}

func (nothing) May(context.Context, []string, string) error { return errors.New("no role") }

// byDoor lets li in.
type byDoor struct{}

func (byDoor) Begin(w http.ResponseWriter, r *http.Request, _ string) error {
	http.Redirect(w, r, console.ReturnPath, http.StatusSeeOther)
	return nil
}

func (byDoor) Finish(http.ResponseWriter, *http.Request) (console.Person, string, error) {
	return console.Person{ID: "li"}, "/", nil
}

// Who was let in and has no role sees nothing, and can read that in his language, and leave.
func TestWhoHasNoRoleCanLeave(t *testing.T) {
	t.Parallel()
	b := newRig(t, func(c *console.Config) { c.Access, c.Entrance, c.Authority = nil, byDoor{}, nothing{} }).browser(t, "li")
	b.send("GET", console.ReturnPath, nil)
	refused := b.send("GET", "/", nil)
	token := tokenField.FindStringSubmatch(body(t, refused))
	if refused.StatusCode != 403 || token == nil {
		t.Fatalf("%d, token %v", refused.StatusCode, token)
	}
	if got := b.send("GET", "/language/en?back=/", nil).StatusCode; got != 303 {
		t.Errorf("another language: %d", got)
	}
	if got := b.send("POST", "/leave", url.Values{"token": {token[1]}}).StatusCode; got != 200 {
		t.Errorf("leave: %d", got)
	}
	if got := b.send("GET", "/", nil); got.StatusCode != 303 {
		t.Errorf("after it: %d", got.StatusCode)
	}
}

var languageLink = regexp.MustCompile(`href="(/language/[^"]+)"`)

// A page that answers a form has a link to the other language that leads somewhere.
func TestLanguageAfterAForm(t *testing.T) {
	t.Parallel()
	b := newRig(t, nil).browser(t, "li")
	answer := body(t, b.send("POST", "/things", url.Values{"token": {b.token()}}))
	link := languageLink.FindStringSubmatch(answer)
	if link == nil {
		t.Fatal("no link")
	}
	to := b.send("GET", strings.ReplaceAll(link[1], "&amp;", "&"), nil).Header.Get("Location")
	if got := b.send("GET", to, nil).StatusCode; got != 200 {
		t.Errorf("%s leads to %s: %d", link[1], to, got)
	}
}

func TestEveryRouteNeedsAnAction(t *testing.T) {
	t.Parallel()
	c := console.Config{Pages: []console.Page{{ID: "x", See: "see", Routes: []console.Route{{Pattern: "GET /{$}"}}}}, Access: byHeader{}, Authority: all{}}
	r := newRig(t, func(of *console.Config) { c.Clock, c.Random, c.Logger = of.Clock, of.Random, of.Logger })
	if _, err := console.New(c); r == nil || err == nil || !strings.Contains(err.Error(), "action") {
		t.Error(err)
	}
}
