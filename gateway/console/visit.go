package console

import (
	"fmt"
	"mime"
	"net/http"
	"path"
	"strconv"
	"time"

	"github.com/zhengqiao/zhengqiao/watch"
)

// Visit is one request of a proven person. It belongs to one goroutine.
type Visit struct {
	*http.Request
	Person   Person
	Language Language
	Now      time.Time

	console *Console
	session *session
	page    *Page
	writer  http.ResponseWriter
	status  int   // of the page, 0: 200
	failure error // of the route
}

// Page gives the page's id.
func (v *Visit) Page() string {
	if v.page == nil {
		return ""
	}
	return v.page.ID
}

// Pages gives the pages that the visitor may see.
func (v *Visit) Pages() []Page {
	var open []Page
	for _, page := range v.console.config.Pages {
		if v.May(page.See) {
			open = append(open, page)
		}
	}
	return open
}

// May reports whether the visitor may do something, so that pages show no button that would refuse.
func (v *Visit) May(action string) bool {
	return v.console.config.Authority.May(v.Context(), v.Person.Roles, action) == nil
}

// Token goes into every form, as the field [TokenField].
func (v *Visit) Token() string { return v.session.token }

// Notice gives what the visitor's last order came to, once.
func (v *Visit) Notice() watch.Text {
	if v.live() || v.failure != nil { // a page of what went wrong tells that alone
		return watch.Text{}
	}
	return v.console.sessions.takeNotice(v.session)
}

// Name is the console's own name of the gateway.
func (v *Visit) Name() string { return v.console.config.Name }

// CanLeave reports whether there is a way out: only who came in by the entrance can leave.
func (v *Visit) CanLeave() bool { return v.console.config.Entrance != nil }

// Here is the path with its query, to come back to: of a page that answered a form, the first page above it that can be asked for.
func (v *Visit) Here() string {
	if v.Method == http.MethodGet || v.Method == http.MethodHead {
		return v.URL.RequestURI()
	}
	for at := v.URL.Path; at != "/"; at = path.Dir(at) {
		if v.console.answersGet(at) {
			return at
		}
	}
	return "/"
}

// Show answers with a template of the page.
func (v *Visit) Show(name string, data any) error {
	templates := v.console.templates[v.Language][v.page.ID+"/"+name]
	if templates == nil {
		return fmt.Errorf("page %s has no template %s", v.page.ID, name)
	}
	return v.render(templates, layoutName, data)
}

// ShowAs answers with a template of the page under a status that is no success.
func (v *Visit) ShowAs(status int, name string, data any) error {
	v.status = status
	return v.Show(name, data)
}

// Attach answers with a file to be kept, such as a bundle to be signed elsewhere.
func (v *Visit) Attach(name string, content []byte) error {
	h := v.writer.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Length", strconv.Itoa(len(content)))
	v.writer.WriteHeader(http.StatusOK)
	if v.Method != http.MethodHead {
		_, _ = v.writer.Write(content) // who hung up needs no answer
	}
	return nil
}

// ShowPart answers with one part of a template of the page, by the name that the template defines it by: for a script that puts it into
// a page which is open already.
func (v *Visit) ShowPart(name, part string, data any) error {
	templates := v.console.templates[v.Language][v.page.ID+"/"+name]
	if templates == nil {
		return fmt.Errorf("page %s has no template %s", v.page.ID, name)
	}
	return v.render(templates, part, data)
}

// Go sends the visitor to another page of the console, where the notice is shown.
func (v *Visit) Go(path string, notice watch.Text) error {
	v.console.sessions.leaveNotice(v.session, notice)
	http.Redirect(v.writer, v.Request, path, http.StatusSeeOther)
	return nil
}
