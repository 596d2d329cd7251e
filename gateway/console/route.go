package console

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"
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
	if route.May != anybody {
		if err := v.console.config.Authority.May(v.Context(), v.Person.Roles, route.May); err != nil {
			return forbidden{err}
		}
	}
	if err := v.readForm(&route); err != nil {
		return err
	}
	if route.Patience > 0 {
		// A server without deadlines has none to move.
		_ = http.NewResponseController(v.writer).SetWriteDeadline(time.Now().Add(route.Patience))
	}
	return route.Serve(v)
}

// anybody stands for the action of the frame's own routes that no role is needed for: to leave, and to read what one is told. No page can
// have it, as [New] refuses an action that is empty.
const anybody = ""

func (c *Console) route() *http.ServeMux {
	mux := http.NewServeMux()
	for i := range c.config.Pages {
		page := &c.config.Pages[i]
		for _, route := range page.Routes {
			mux.Handle(route.Pattern, &found{page, route})
		}
	}
	mux.Handle("GET /events", &found{&Page{}, Route{Pattern: "GET /events", May: c.config.Pages[0].See, Serve: c.events}})
	mux.Handle("POST /leave", &found{&Page{}, Route{Pattern: "POST /leave", May: anybody, Serve: c.leave}})
	mux.Handle("GET /language/{to}", &found{&Page{}, Route{Pattern: "GET /language/{to}", May: anybody, Serve: c.changeLanguage}})
	return mux
}

// answersGet reports whether a path of the console can be asked for by a link.
func (c *Console) answersGet(path string) bool {
	_, pattern := c.routes.Handler(&http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}})
	return pattern != ""
}

// TokenField is the form field that proves that a form is one of this console's, made for this session.
const TokenField = "token"

// mostForm bounds a form whose route says nothing else; the largest one is a reason and a preview's token.
const mostForm = 16 << 10

// Errors of requests.
var (
	errNotFound = errors.New("no such page")
	errForeign  = errors.New("another site sent this")
	errForm     = errors.New("the form is not this session's")
	errLarge    = errors.New("the form is too large")
)

// forbidden is a refusal by the policies.
type forbidden struct{ error }

// Unwrap gives the policies' word.
func (f forbidden) Unwrap() error { return f.error }

// readForm reads a bounded form, and proves that it is this session's if it may change something.
func (v *Visit) readForm(route *Route) error {
	most := cmp.Or(route.Form, mostForm) + route.Upload
	v.Body = http.MaxBytesReader(v.writer, v.Body, most)
	if err := v.parse(route, most); err != nil {
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return errLarge
		}
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

// parse reads files into memory, which their bound allows, so that nothing of them lies about on disk.
func (v *Visit) parse(route *Route, most int64) error {
	if route.Upload == 0 {
		return v.ParseForm()
	}
	return v.ParseMultipartForm(most)
}

// Upload gives a file of the form. Errors: [Fault] if there is none.
func (v *Visit) Upload(field string) ([]byte, error) {
	file, _, err := v.FormFile(field)
	if err != nil {
		return nil, wrong("请选择文件。", "Choose a file.")
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err == nil && len(content) == 0 {
		return nil, wrong("文件是空的。", "The file is empty.")
	}
	return content, err
}
