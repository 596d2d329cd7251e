package console

import (
	"errors"
	"net/http"
)

// visitKey is the visit's place in its request's context.
type visitKey struct{}

// found is a route in the table.
type found struct {
	page  *Page
	route Route
}

// ServeHTTP goes on with the visit that the request carries: may he, is the form his, and the page.
func (f *found) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	v, ok := r.Context().Value(visitKey{}).(*Visit)
	if ok {
		v.Request, v.page = r, f.page
		v.failure = v.work(f.route)
	}
}

func (v *Visit) work(route Route) error {
	if err := v.console.config.Authority.May(v.Context(), v.Person.Roles, route.May); err != nil {
		return forbidden{err}
	}
	if err := v.readForm(); err != nil {
		return err
	}
	return route.Serve(v)
}

func (c *Console) route() *http.ServeMux {
	mux := http.NewServeMux()
	for i := range c.config.Pages {
		page := &c.config.Pages[i]
		for _, route := range page.Routes {
			mux.Handle(route.Pattern, &found{page, route})
		}
	}
	mux.Handle("GET /events", &found{&Page{}, Route{"GET /events", c.config.Pages[0].See, c.events}})
	mux.Handle("POST /leave", &found{&Page{}, Route{"POST /leave", c.config.Pages[0].See, c.leave}})
	mux.Handle("GET /language/{to}", &found{&Page{}, Route{"GET /language/{to}", c.config.Pages[0].See, c.changeLanguage}})
	return mux
}

// TokenField is the form field that proves that a form is one of this console's, made for this session.
const TokenField = "token"

// mostForm bounds a form; the largest one is a reason and a preview's token.
const mostForm = 16 << 10

// Errors of requests.
var (
	errNotFound = errors.New("no such page")
	errForeign  = errors.New("another site sent this")
	errForm     = errors.New("the form is not this session's")
)

// forbidden is a refusal by the policies.
type forbidden struct{ error }

// Unwrap gives the policies' word.
func (f forbidden) Unwrap() error { return f.error }

// readForm reads a bounded form, and proves that it is this session's if it may change something.
func (v *Visit) readForm() error {
	v.Body = http.MaxBytesReader(v.writer, v.Body, mostForm)
	if err := v.ParseForm(); err != nil {
		return errors.Join(errForm, err)
	}
	if v.Method == http.MethodGet || v.Method == http.MethodHead {
		return nil
	}
	if !sameText(v.PostForm.Get(TokenField), v.session.token) {
		return errForm
	}
	return nil
}
