package console

import (
	"crypto/subtle"
	"net/http"
	"strings"
)

// LiveHeader marks what a page asks by itself: it neither renews the session nor takes the notice.
const LiveHeader = "X-Zhengqiao-Live"

func (v *Visit) live() bool { return v.Header.Get(LiveHeader) != "" || v.URL.Path == "/events" }

func sameText(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// cookieName begins with __Host- where that can hold: over HTTPS a browser then takes it from nobody else.
func (c *Console) cookieName() string {
	if c.config.Secure {
		return "__Host-zhengqiao"
	}
	return "zhengqiao"
}

func (c *Console) secretOf(r *http.Request) string {
	cookie, err := r.Cookie(c.cookieName())
	if err != nil {
		return ""
	}
	return cookie.Value
}

// know finds the visitor's session. Where the connection proves who he is, it must prove it each time, and a session is made when there
// is none; else a stranger goes to the entrance.
func (c *Console) know(v *Visit) error {
	secret := c.secretOf(v.Request)
	known := c.sessions.find(secret, v.Now, !v.live())
	if c.config.Access == nil {
		if v.session = known; known == nil {
			return ErrStranger
		}
		v.Person = known.person
		return nil
	}
	person, err := c.config.Access.Person(v.Request)
	if err != nil {
		return err
	}
	if known != nil && known.person.ID == person.ID {
		v.session, v.Person = known, person
		return nil
	}
	if v.live() {
		return ErrStranger
	}
	return c.welcome(v, person)
}

// welcome begins a session. Its cookie goes to no other site's requests, not even by a link.
func (c *Console) welcome(v *Visit, person Person) error {
	if !Nameable(person.ID, v.Now) {
		return ErrStranger
	}
	made, secret, err := c.sessions.begin(person, v.Now)
	if err != nil {
		return err
	}
	v.session, v.Person = made, person
	http.SetCookie(v.writer, &http.Cookie{
		Name: c.cookieName(), Value: secret, Path: "/", HttpOnly: true, Secure: c.config.Secure, SameSite: http.SameSiteStrictMode,
	})
	return nil
}

// The entrance's paths.
const (
	enterPath = "/enter"
	// ReturnPath is where an entrance sends visitors back to.
	ReturnPath = "/enter/return"
)

// entered serves the entrance. Its last page sends the visitor on by itself: a redirect that began at another site would not carry the
// session's cookie.
func (c *Console) entered(v *Visit) (done bool, err error) {
	if c.config.Entrance == nil || v.Method != http.MethodGet {
		return false, nil
	}
	switch v.URL.Path {
	case enterPath:
		return true, c.config.Entrance.Begin(v.writer, v.Request, localPath(v.FormValue("back")))
	case ReturnPath:
		person, back, err := c.config.Entrance.Finish(v.writer, v.Request)
		if err == nil {
			err = c.welcome(v, person)
		}
		if err != nil {
			return true, err
		}
		return true, v.render(c.templates[v.Language]["welcome"], layoutName, localPath(back))
	}
	return false, nil
}

// leave ends the session.
func (c *Console) leave(v *Visit) error {
	c.sessions.end(c.secretOf(v.Request))
	http.SetCookie(v.writer, &http.Cookie{Name: c.cookieName(), Path: "/", MaxAge: -1, HttpOnly: true, Secure: c.config.Secure, SameSite: http.SameSiteStrictMode})
	return v.render(c.templates[v.Language]["left"], layoutName, nil)
}

// localPath gives a path of the console, the first page for anything else.
func localPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") || len(path) > 2048 {
		return "/"
	}
	return path
}
