package console

import (
	"context"
	"errors"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"time"
)

// Config is what a [Console] works with. Pages, Authority, Clock, Random and Logger are required, and one of Access and Entrance.
type Config struct {
	Pages     []Page
	Access    Access   // who sends a request is proved by its connection
	Entrance  Entrance // or once, by somebody else
	Authority Authority
	Name      string        // of this gateway, in the header
	Way       string        // how it is proved who visits, for records: local, mtls or oidc
	Host      HostRule      // hosts that the console answers to; nil: any
	Secure    bool          // browsers reach it by HTTPS, by itself or by a proxy
	Idle      time.Duration // after which a session ends; 0: 30 minutes
	Clock     func() time.Time
	Random    io.Reader
	Logger    *slog.Logger

	// State gives a text that changes when what pages show has changed; they refresh themselves then. nil: every ten seconds.
	State func(context.Context) string
}

const defaultIdle = 30 * time.Minute

// Console is the handler of all pages. It is safe for concurrent use. [Console.Run] must run beside it.
type Console struct {
	config    Config
	sessions  *sessions
	templates map[Language]map[string]*template.Template
	assets    *assets
	routes    *http.ServeMux // of *found
	guard     *http.CrossOriginProtection
	news      *news
}

// New makes a console. A template that can't be read is an error.
func New(config Config) (*Console, error) {
	if config.Authority == nil || config.Clock == nil || config.Random == nil || config.Logger == nil || len(config.Pages) == 0 {
		return nil, errors.New("console: pages, authority, clock, random and logger are required")
	}
	if (config.Access == nil) == (config.Entrance == nil) {
		return nil, errors.New("console: one of access and entrance is required")
	}
	if !actionable(config.Pages) {
		return nil, errors.New("console: every page and every route of one needs an action")
	}
	if config.Idle <= 0 {
		config.Idle = defaultIdle
	}
	c := &Console{config: config, sessions: newSessions(config.Idle, config.Random), guard: http.NewCrossOriginProtection(), news: newNews()}
	var err error
	if c.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if c.templates, err = c.parse(); err != nil {
		return nil, err
	}
	c.routes = c.route()
	return c, nil
}

// ServeHTTP answers one request and writes the one log event of it.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.headers(w)
	began := c.config.Clock()
	seen := &seen{ResponseWriter: w}
	v := &Visit{Request: r, Language: languageOf(r), Now: began, console: c, writer: seen}
	if err := c.guarded(v); err != nil {
		v.fail(err)
	}
	c.log(v, seen.status, c.config.Clock().Sub(began))
}

// serve takes a request down its path: the host, what is open to all, where it comes from, who sends it, what he may.
func (c *Console) serve(v *Visit) error {
	if c.config.Host != nil && !c.config.Host(v.Request.Host) {
		return ErrElsewhere
	}
	if c.assets.serve(v.writer, v.Request) {
		return nil
	}
	if err := c.guard.Check(v.Request); err != nil {
		return errForeign
	}
	if done, err := c.entered(v); done || err != nil {
		return err
	}
	if err := c.know(v); err != nil {
		return err
	}
	return c.dispatch(v)
}

// dispatch finds the route; see [found.ServeHTTP] for what follows.
func (c *Console) dispatch(v *Visit) error {
	if _, pattern := c.routes.Handler(v.Request); pattern == "" {
		return errNotFound
	}
	c.routes.ServeHTTP(v.writer, v.WithContext(context.WithValue(v.Context(), visitKey{}, v)))
	return v.failure
}
